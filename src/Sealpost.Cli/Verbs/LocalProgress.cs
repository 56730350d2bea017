using Sealpost.Hosting.Backups;
using Spectre.Console;

namespace Sealpost.Cli.Verbs;

/// <summary>Long work on this machine's files, with a bar for each of its steps where a person looks on.</summary>
internal static class LocalProgress
{
    public static Task<T> RunAsync<T>(Terminal terminal, bool json, Func<Action<BackupProgress>, T> work)
    {
        if (!terminal.ErrorIsPerson || json)
        {
            return Task.Run(() => work(static _ => { }));
        }

        return Output.ConsoleOn(terminal.Error, person: true).Progress().AutoClear(true).StartAsync(progress => Task.Run(() =>
        {
            var (bar, step) = ((ProgressTask?)null, "");
            return work(now =>
            {
                if (bar is null || step != now.Step)
                {
                    bar?.StopTask();
                    step = now.Step;
                    bar = progress.AddTask(step, maxValue: now.Total);
                    bar.IsIndeterminate = now.Done == 0 && now.Total == 1;
                }

                (bar.MaxValue, bar.Value) = (now.Total, now.Done);
            });
        }));
    }
}
