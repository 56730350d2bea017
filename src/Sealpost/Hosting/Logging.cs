using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Sealpost.Hosting;

/// <summary>
/// The log on standard error: one line an entry, for people in Development, as JSON in Production. Ours from Information on,
/// the framework's from Warning on.
/// </summary>
internal static class Logging
{
    private const string Timestamp = "yyyy-MM-ddTHH:mm:ss.fffZ";

    public static ServiceProvider Start(bool development) => new ServiceCollection()
        .AddLogging(logging =>
        {
            logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);

            // It prints the stack of a taken port, which a start that fails says in one line.
            logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
            logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
            if (development)
            {
                logging.AddSimpleConsole(line =>
                {
                    line.SingleLine = true;
                    line.UseUtcTimestamp = true;
                    line.TimestampFormat = Timestamp + " ";
                });
            }
            else
            {
                logging.AddJsonConsole(line =>
                {
                    line.UseUtcTimestamp = true;
                    line.TimestampFormat = Timestamp;
                });
            }
        })
        .BuildServiceProvider();
}
