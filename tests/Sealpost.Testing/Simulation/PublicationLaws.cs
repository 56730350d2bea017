using Sealpost.Installs;
using Sealpost.Mailrooms;

namespace Sealpost.Testing.Simulation;

/// <summary>
/// Whether publishers got the right answers: all of a submission or nothing of it, and the same answer under the same key.
/// </summary>
internal sealed class PublicationLaws(SimulatedWorld world)
{
    private readonly Dictionary<int, int> _inserted = [];
    private List<SimulatedPublication> _judged = [];

    /// <summary>These are about to be committed together: what they owe is decided by the installs of this moment.</summary>
    public void Judging(List<SimulatedPublication> group)
    {
        _judged = group;
        foreach (var publication in group)
        {
            publication.Owed = publication.Events.Sum(published => SubscribersOf(publication, published).Count())
                + publication.Originals.Count(CanBeReplayed);
        }
    }

    public void Inserted(StoredRow row, int eventNumber)
    {
        if (row.Row.ReplayOf is { } original)
        {
            var wish = _judged.Find(publication => publication.Originals.Any(owed => owed.Row.Id == original && IsAgain(row, owed)) && publication.Replayed.Add(original));
            _ = wish ?? throw new SimulationViolation($"event {eventNumber} was stored as a replay of {original}, which nobody asked for");
            return;
        }

        _inserted[eventNumber] = _inserted.GetValueOrDefault(eventNumber) + 1;
        if (!_judged.Exists(publication => publication.Events.Any(published =>
            published.Number == eventNumber && SubscribersOf(publication, published).Any(install => install.Number == row.Row.Install))))
        {
            throw new SimulationViolation($"event {eventNumber} was stored for install {row.Row.Install}, which is not owed it");
        }
    }

    public void Answered(List<SimulatedPublication> group)
    {
        foreach (var publication in group)
        {
            var result = publication.Submission.Result.IsCompletedSuccessfully
                ? publication.Submission.Result.Result
                : throw new SimulationViolation($"{Name(publication)} was not answered");
            Check(publication, result);
        }

        _judged = [];
    }

    /// <summary>The process died in a commit: each of its submissions is stored whole or not at all.</summary>
    public void Crashed()
    {
        foreach (var publication in _judged.Where(publication => publication.RepeatOf is null))
        {
            var stored = StoredOf(publication);
            Need(stored == 0 || stored == publication.Owed, publication, $"is stored in part, {stored} of {publication.Owed} deliveries");
        }

        _judged = [];
    }

    private void Check(SimulatedPublication publication, SubmissionResult result)
    {
        var stored = StoredOf(publication);
        if (result.Acceptance is { } acceptance)
        {
            var first = publication.RepeatOf?.Submission.Result;
            var known = first is { IsCompletedSuccessfully: true } ? first.Result.Acceptance : null;
            var isAgain = known is not null || stored != publication.Owed;
            Need(stored == acceptance.Deliveries, publication, $"was answered {acceptance.Deliveries} deliveries, {stored} are stored");
            Need(isAgain || acceptance.Deliveries == publication.Owed, publication, $"owes {publication.Owed} deliveries, {acceptance.Deliveries} were answered");
            Need(publication.RepeatOf is not null || stored == publication.Owed, publication, $"owes {publication.Owed} deliveries, {stored} are stored");
            Need(known is null || known.Ids.SequenceEqual(acceptance.Ids), publication, "got another answer the second time");
            Need(acceptance.Ids.Count == publication.Submission.Lines, publication, "was not given an id a line");
        }
        else
        {
            Need(publication.RepeatOf is not null || stored == 0, publication, $"was refused ({result.Refusal}) and is stored");
            Need(result.Refusal == Refusal.StoreFull, publication, $"was refused: {result.Refusal}");
        }
    }

    private int StoredOf(SimulatedPublication publication) =>
        publication.Events.Sum(published => _inserted.GetValueOrDefault(published.Number)) + publication.Replayed.Count;

    private bool CanBeReplayed(StoredRow original) => !original.IsPending
        && world.All.Any(install => install.Number == original.Row.Install && !install.Deleted && install.Manifest.Webhooks.ContainsKey(original.EventType));

    // The same bytes for the same webhook of the same install, in the same conversation.
    private static bool IsAgain(StoredRow row, StoredRow original) => row.Row.Install == original.Row.Install
        && row.EventType == original.EventType && row.Conversation == original.Conversation && row.Body.Span.SequenceEqual(original.Body.Span);

    private IEnumerable<Install> SubscribersOf(SimulatedPublication publication, SimulatedEvent published)
    {
        var living = world.All.Where(install => install.Account == publication.Submission.Account && !install.Deleted);
        return publication.Submission.Target is { } target
            ? living.Where(install => install.Number == target.Install.Number)
            : living.Where(install => install.Manifest.Webhooks.ContainsKey(published.EventType));
    }

    private static void Need(bool holds, SimulatedPublication publication, string what)
    {
        if (!holds)
        {
            throw new SimulationViolation($"{Name(publication)} {what}");
        }
    }

    private static string Name(SimulatedPublication publication) => publication.Originals.Count > 0
        ? $"the replay of delivery {publication.Originals[0].Row.Id}"
        : $"the publication of event {publication.Events[0].Number}";
}
