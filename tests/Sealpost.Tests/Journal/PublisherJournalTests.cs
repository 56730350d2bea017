using Microsoft.Extensions.Time.Testing;
using Sealpost.Testing.Journal;

namespace Sealpost.Tests.Journal;

public sealed class PublisherJournalTests
{
    private readonly PublisherJournal _journal = new(new JournalClock(new FakeTimeProvider()));

    [Fact]
    public void A_request_without_a_conclusion_is_unknown() =>
        Assert.Equal(PublishOutcome.Unknown, _journal.Read(_journal.Begin(null, [])).Outcome);

    [Fact]
    public void A_refusal_after_a_lost_answer_leaves_it_unknown()
    {
        var request = _journal.Begin("key", []);
        _journal.Unknown(request, "the connection broke");
        _journal.Again(request);
        _journal.Failed(request, 503);
        Assert.Equal(PublishOutcome.Unknown, _journal.Read(request).Outcome);
    }

    [Fact]
    public void A_lost_answer_becomes_ok_when_the_retry_is_accepted()
    {
        var request = _journal.Begin("key", []);
        _journal.Unknown(request, "the connection broke");
        _journal.Again(request);
        _journal.Ok(request, ["ntf_1"]);
        Assert.Equal(PublishOutcome.Ok, _journal.Read(request).Outcome);
    }

    [Fact]
    public void Only_refusals_make_it_failed()
    {
        var request = _journal.Begin("key", []);
        _journal.Failed(request, 503);
        _journal.Again(request);
        Assert.Equal(PublishOutcome.Unknown, _journal.Read(request).Outcome);
        _journal.Failed(request, 429);
        Assert.Equal(PublishOutcome.Failed, _journal.Read(request).Outcome);
    }

    [Fact]
    public void A_second_acceptance_with_other_ids_is_remembered()
    {
        var request = _journal.Begin("key", []);
        _journal.Ok(request, ["ntf_1"]);
        _journal.Again(request);
        _journal.Ok(request, ["ntf_2"]);
        Assert.True(_journal.Read(request).AnswersDiffer);
        Assert.Equal(["ntf_1"], _journal.Read(request).Ids);
    }

    [Fact]
    public void The_log_has_a_line_before_the_request_and_one_at_its_end()
    {
        using var log = new StringWriter();
        var journal = new PublisherJournal(new JournalClock(new FakeTimeProvider()), log);
        journal.Failed(journal.Begin(null, [new PublishedEvent(new EventMark("c", 7), 0)]), 503);
        Assert.Equal(
            """
            {"at":0,"entry":"begin","request":1,"detail":"c:7"}
            {"at":0,"entry":"failed","request":1,"detail":"503"}

            """,
            log.ToString());
    }
}
