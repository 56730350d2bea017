using System.Net.Sockets;
using Sealpost.Sending;

namespace Sealpost.Tests.Sending;

public class SendFailureTests
{
    private const string Inside = "10.1.2.3:443 /etc/hidden";

    public static TheoryData<HttpRequestError, OutcomeKind> Kinds => new()
    {
        { HttpRequestError.NameResolutionError, OutcomeKind.Dns },
        { HttpRequestError.ConnectionError, OutcomeKind.Refused },
        { HttpRequestError.SecureConnectionError, OutcomeKind.Tls },
        { HttpRequestError.ResponseEnded, OutcomeKind.Closed },
        { HttpRequestError.InvalidResponse, OutcomeKind.InvalidResponse },
        { HttpRequestError.ConfigurationLimitExceeded, OutcomeKind.InvalidResponse },
        { HttpRequestError.HttpProtocolError, OutcomeKind.Closed },
        { HttpRequestError.Unknown, OutcomeKind.Closed },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Each_error_of_the_platform_has_its_kind_and_its_text_is_not_repeated(HttpRequestError error, OutcomeKind kind)
    {
        var failure = SendFailure.From(new HttpRequestException(error, Inside, new IOException(Inside)));

        Assert.Equal(kind, failure.Kind);
        Assert.DoesNotContain("10.1.2.3", failure.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Error);
    }

    [Fact]
    public void A_refusal_of_the_guard_is_found_wherever_it_is_wrapped()
    {
        var denied = new EgressDeniedException(EgressVerdict.PortDenied);

        var failure = SendFailure.From(new HttpRequestException(HttpRequestError.ConnectionError, Inside, new IOException(Inside, denied)));

        Assert.Equal(new SendFailure(OutcomeKind.EgressDenied, "the endpoint's port is not allowed"), failure);
    }

    [Fact]
    public void A_connection_that_the_system_gave_up_is_a_connect_timeout()
    {
        var failure = SendFailure.From(new HttpRequestException(
            HttpRequestError.ConnectionError, Inside, new SocketException((int)SocketError.TimedOut)));

        Assert.Equal(OutcomeKind.ConnectTimeout, failure.Kind);
    }

    [Fact]
    public void What_is_wrong_with_a_certificate_is_said()
    {
        var failure = SendFailure.From(new HttpRequestException(
            HttpRequestError.SecureConnectionError, Inside, new CertificateRefusedException("the endpoint's certificate has expired")));

        Assert.Equal("the endpoint's certificate has expired", failure.Error);
    }
}
