using System.Runtime.InteropServices;
using Sealpost.Cli;

// The first SIGINT or SIGTERM asks the verb to finish; a second one ends the process as the system does.
// `serve` has signals of its own, with its own time to finish.
using var stop = new CancellationTokenSource();
PosixSignal[] signals = args is ["serve", ..] ? [] : [PosixSignal.SIGINT, PosixSignal.SIGTERM];
var registrations = Array.ConvertAll(signals, signal => PosixSignalRegistration.Create(signal, Finish));

var exitCode = await CommandLine.RunAsync(args, Terminal.OfThisProcess(), stop.Token);
Array.ForEach(registrations, registration => registration.Dispose());
return exitCode;

void Finish(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}
