using System.Text;

namespace Sealpost.Cli.Demo;

/// <summary>Whether what arrived is what was said, in its order; pure.</summary>
internal static class OrderCheck
{
    /// <summary>What is wrong, a sentence each; empty when all is well. Repeats of a delivery are allowed and dropped by its id.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyList<Spoken> said, IReadOnlyList<Arrival> arrivals)
    {
        var taken = arrivals.Where(arrival => arrival.Taken).DistinctBy(arrival => arrival.Notification.DeliveryId).ToList();
        var problems = new List<string>();
        if (arrivals.Count(arrival => !arrival.SignatureValid) is > 0 and var wrong)
        {
            problems.Add($"{wrong} attempts had a wrong signature.");
        }

        foreach (var conversation in said.Select(spoken => spoken.Conversation).Distinct())
        {
            var expected = said.Where(spoken => spoken.Conversation == conversation).Select(spoken => spoken.Json).ToList();
            var arrived = taken.Where(arrival => arrival.Content().Conversation == conversation).ToList();
            if (!arrived.Select(arrival => Encoding.UTF8.GetString(arrival.Notification.Body.Span)).SequenceEqual(expected, StringComparer.Ordinal))
            {
                problems.Add($"{conversation}: {arrived.Count} of {expected.Count} messages arrived, or not in their order, or not with their bytes.");
            }

            if (!arrived.Select(arrival => arrival.Notification.Sequence).SequenceEqual(Enumerable.Range(1, arrived.Count).Select(n => n.ToString())))
            {
                problems.Add($"{conversation}: the sequence header does not count from 1 without gaps.");
            }
        }

        return problems;
    }
}
