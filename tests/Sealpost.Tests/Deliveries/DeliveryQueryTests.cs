using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Sealpost.Deliveries;

namespace Sealpost.Tests.Deliveries;

public sealed class DeliveryQueryTests
{
    [Fact]
    public void An_empty_query_asks_for_the_fifty_newest() => Assert.Equal(new DeliveryFilter { Limit = 50 }, Filter(""));

    [Fact]
    public void Every_parameter_narrows_the_filter()
    {
        var id = Guid.NewGuid();
        var filter = Filter(
            $"?client_id={id}&conversation=c%201&notification={new NotificationId(7)}&eventType=a.B&state=dead&limit=500"
            + $"&since=2026-01-31T09:30:00.5Z&until=2026-01-31T12:00:00%2B02:00&cursor={DeliveryCursor.Text(new ListPosition(new DeliveryId(9)))}");
        Assert.Equal(
            new DeliveryFilter
            {
                ClientId = id,
                Conversation = "c 1",
                Notification = new NotificationId(7),
                EventType = "a.B",
                State = PublicState.Dead,
                Since = new DateTimeOffset(2026, 1, 31, 9, 30, 0, 500, TimeSpan.Zero),
                Until = new DateTimeOffset(2026, 1, 31, 10, 0, 0, TimeSpan.Zero),
                Before = new ListPosition(new DeliveryId(9)),
                Limit = 500,
            },
            filter);
    }

    [Theory]
    [InlineData("?client_id=4711", "client_id")]
    [InlineData("?client_id=", "client_id")]
    [InlineData("?conversation=", "conversation")]
    [InlineData("?conversation=a%0Ab", "conversation")]
    [InlineData("?notification=dlv_0000000000007", "notification")]
    [InlineData("?notification=ntf_7", "notification")]
    [InlineData("?state=done", "state")]
    [InlineData("?state=Dead", "state")]
    [InlineData("?since=yesterday", "since")]
    [InlineData("?since=12:30", "since")]
    [InlineData("?until=2026-13-01T00:00:00Z", "until")]
    [InlineData("?cursor=dlv_0000000000007", "cursor")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=501", "limit")]
    [InlineData("?limit=-1", "limit")]
    [InlineData("?limit=1.5", "limit")]
    [InlineData("?state=dead&state=pending", "state")]
    public void A_bad_parameter_is_named(string query, string parameter)
    {
        var (filter, problem) = DeliveryQuery.Read(Parse(query));
        Assert.Null(filter);
        Assert.Equal((400, "filter_invalid"), (problem!.Status, problem.Code));
        Assert.Equal(parameter, problem.Extensions!["parameter"]);
    }

    [Fact]
    public void A_conversation_has_at_most_256_bytes()
    {
        Assert.Equal(256, Filter("?conversation=" + new string('a', 256)).Conversation!.Length);
        Assert.NotNull(DeliveryQuery.Read(Parse("?conversation=" + new string('a', 257))).Problem);
        Assert.NotNull(DeliveryQuery.Read(Parse("?conversation=" + new string('ä', 129))).Problem);
    }

    [Fact]
    public void A_parameter_of_somebody_else_is_left_alone() => Assert.Equal(Filter(""), Filter("?v=1.0"));

    private static DeliveryFilter Filter(string query)
    {
        var (filter, problem) = DeliveryQuery.Read(Parse(query));
        Assert.Null(problem);
        return filter!;
    }

    private static QueryCollection Parse(string query) => new(QueryHelpers.ParseQuery(query));
}
