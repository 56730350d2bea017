using System.Text.Json;

namespace Sealpost.Benchmarks.Roles;

/// <summary>The role's side of <see cref="RoleProcess"/>.</summary>
internal static class RoleInput
{
    public static TOrder ReadOrder<TOrder>() =>
        JsonSerializer.Deserialize<TOrder>(Console.ReadLine() ?? throw new InvalidOperationException("No order came in."))!;

    /// <summary>Says that the role is at work.</summary>
    public static void Answer(string answer)
    {
        Console.WriteLine(answer);
        Console.Out.Flush();
    }

    /// <summary>Cancelled when the input ends: the benchmark is done with the role, or gone.</summary>
    public static CancellationToken UntilInputEnds()
    {
        var end = new CancellationTokenSource();
        new Thread(() =>
        {
            while (Console.ReadLine() is not null)
            {
            }

            end.Cancel();
        })
        { IsBackground = true }.Start();
        return end.Token;
    }
}
