using System.Runtime.InteropServices;
using System.Text.Json;
using Sealpost.Benchmarks.Stage;
using Sealpost.Testing.Processes;

namespace Sealpost.Benchmarks.Results;

/// <summary><c>benchmarks/results/NAME.json</c>: the machine's facts, what was asked for, the medians and all rounds.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Layout = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Write(string name, BenchArguments arguments, object medians, object rounds)
    {
        var folder = Directory.CreateDirectory(Path.Combine(RepositoryRoot.Path, "benchmarks", "results"));
        var result = new
        {
            benchmark = name,
            at = TimeProvider.System.GetUtcNow(),
            machine = new
            {
                cores = Environment.ProcessorCount,
                memoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
                runtime = RuntimeInformation.FrameworkDescription,
                system = RuntimeInformation.OSDescription,
            },
            asked = new { arguments.Rounds, warmSeconds = arguments.Warm.TotalSeconds, measuredSeconds = arguments.Measured.TotalSeconds },
            medians,
            rounds,
        };
        File.WriteAllText(Path.Combine(folder.FullName, $"{name}.json"), JsonSerializer.Serialize(result, Layout) + "\n");
        Console.WriteLine($"  benchmarks/results/{name}.json");
    }
}
