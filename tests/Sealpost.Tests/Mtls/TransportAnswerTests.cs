using System.Net;
using System.Text;
using Sealpost.Mtls.Routes;
using Sealpost.Sending;

namespace Sealpost.Tests.Mtls;

/// <summary>Whose doing an answer of the forward is (protocol 5).</summary>
public sealed class TransportAnswerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(200, OutcomeKind.Delivered)]
    [InlineData(201, OutcomeKind.Delivered)]
    [InlineData(204, OutcomeKind.Status)]
    [InlineData(302, OutcomeKind.Status)]
    public void A_status_below_400_is_the_endpoint_s(int status, OutcomeKind kind)
    {
        var outcome = Read(status, "", ("LP-response-time-from-transport", "1234"));

        Assert.Equal((kind, status, TimeSpan.FromMilliseconds(1234)), (outcome.Kind, outcome.Status, outcome.ResponseTime));
    }

    [Fact]
    public void A_424_with_a_status_is_the_endpoint_s_failure()
    {
        var outcome = Read(424, "no", ("LP-status-from-transport", "503"), ("Retry-After", "7"), ("LP-response-time-from-transport", "40"));

        Assert.Equal((OutcomeKind.Status, 503, "the endpoint answered 503"), (outcome.Kind, outcome.Status, outcome.Error));
        Assert.Equal((TimeSpan.FromSeconds(7), TimeSpan.FromMilliseconds(40)), (outcome.RetryAfter, outcome.ResponseTime));
    }

    [Theory]
    [InlineData("connect_timeout", OutcomeKind.ConnectTimeout)]
    [InlineData("read_timeout", OutcomeKind.ReadTimeout)]
    [InlineData("tls", OutcomeKind.Tls)]
    [InlineData("certificate_rejected", OutcomeKind.CertificateRejected)]
    [InlineData("refused", OutcomeKind.Refused)]
    [InlineData("dns", OutcomeKind.Dns)]
    [InlineData("closed", OutcomeKind.Closed)]
    [InlineData("egress_denied", OutcomeKind.EgressDenied)]
    public void A_424_with_a_word_says_why_the_endpoint_was_not_reached(string word, OutcomeKind kind)
    {
        var outcome = Read(424, "", ("LP-error-from-transport", word), ("LP-message-from-transport", "in one line"));

        Assert.Equal((kind, default(int?), "in one line", default(TimeSpan?)), (outcome.Kind, outcome.Status, outcome.Error, outcome.ResponseTime));
    }

    [Fact]
    public void A_424_that_says_nothing_is_the_endpoint_s_failure_all_the_same() =>
        Assert.Equal((OutcomeKind.Status, 424), (Read(424, "").Kind, Read(424, "").Status));

    [Fact]
    public void A_message_that_is_no_line_is_not_shown() =>
        Assert.Equal("through MTLS: tls", Read(424, "", ("LP-error-from-transport", "tls"), ("LP-message-from-transport", new string('x', 513))).Error);

    [Fact]
    public void A_429_counts_as_not_made()
    {
        var outcome = Read(429, "", ("Retry-After", "3"));

        Assert.Equal((OutcomeKind.Throttled, false, TimeSpan.FromSeconds(3)), (outcome.Kind, outcome.IsMade, outcome.RetryAfter));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(500)]
    [InlineData(503)]
    public void Any_other_failure_is_MTLS_s_own(int status)
    {
        var outcome = Read(status, """{"code":"certificate_unavailable"}""");

        Assert.Equal((OutcomeKind.MtlsUnavailable, default(int?)), (outcome.Kind, outcome.Status));
        Assert.Equal($"mtls_unavailable: the MTLS service answered {status} (certificate_unavailable)", outcome.Error);
    }

    private static Outcome Read(int status, string body, params (string Name, string Value)[] headers)
    {
        using var response = new HttpResponseMessage((HttpStatusCode)status);
        foreach (var (name, value) in headers)
        {
            response.Headers.TryAddWithoutValidation(name, value);
        }

        return TransportAnswer.Read(response, Encoding.UTF8.GetBytes(body), TimeSpan.FromSeconds(9), Now);
    }
}
