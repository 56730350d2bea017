using Sealpost.Benchmarks;
using Sealpost.Benchmarks.Roles;
using Sealpost.Benchmarks.Stage;

var benchmarks = new (string Name, string About, Func<BenchArguments, Task> RunAsync)[]
{
    ("throughput", "events delivered a second against the bare sender, with CPU and allocation per event", ThroughputBenchmark.RunAsync),
    ("latency", "from publishing to arrival at 1,000 and 5,000 events a second", LatencyBenchmark.RunAsync),
    ("isolation", "healthy endpoints beside black holes: 1,000 endpoints, 10 % of which never answer", IsolationBenchmark.RunAsync),
    ("startup", "from start to ready, and the memory of an idle service", StartupBenchmark.RunAsync),
    ("mtls", "the forward against nginx, delivery through it against direct delivery, and the time that it adds", MtlsBenchmark.RunAsync),
    ("backlog", "a million stored events in 2,000 conversations: memory, draining, publishing beside them, starting with them", BacklogBenchmark.RunAsync),
    ("queries", "ten million stored deliveries: lists of them, and removing a million while publishing goes on", QueriesBenchmark.RunAsync),
    ("backlog-wide", "the same, in as many conversations as events", BacklogBenchmark.RunWideAsync),
};
var roles = new Dictionary<string, Func<Task>>(StringComparer.Ordinal)
{
    ["receiver"] = ReceiverRole.RunAsync,
    ["sender"] = BareSenderRole.RunAsync,
    ["publisher"] = PublisherRole.RunAsync,
    ["caller"] = CallerRole.RunAsync,
};

if (args is ["role", var role])
{
    await roles[role]();
    return 0;
}

if (args is ["--list"])
{
    foreach (var (name, about, _) in benchmarks)
    {
        Console.WriteLine($"{name,-14}{about}");
    }

    return 0;
}

try
{
    var arguments = BenchArguments.Read(args);
    if (arguments.Names.FirstOrDefault(name => benchmarks.All(b => b.Name != name)) is { } unknown)
    {
        throw new FormatException($"There is no benchmark {unknown}; --list names them.");
    }

    foreach (var (name, _, runAsync) in benchmarks.Where(b => arguments.Names.Count == 0 || arguments.Names.Contains(b.Name, StringComparer.Ordinal)))
    {
        await runAsync(arguments);
    }

    return 0;
}
catch (FormatException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return 2;
}
