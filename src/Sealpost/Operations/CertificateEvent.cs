using System.Globalization;
using System.Text.Json;
using Sealpost.Hosting;
using Sealpost.Mtls.Certificates;
using Sealpost.Protocol.Notifications;

namespace Sealpost.Operations;

/// <summary>A certificate ends soon.</summary>
/// <param name="Certificate">The certificate.</param>
/// <param name="Days">Which of the warnings it is: so many days ahead, or fewer.</param>
/// <param name="At">When it was found.</param>
internal sealed record CertificateEvent(ClientCertificate Certificate, int Days, DateTimeOffset At)
    : OperationalEvent(EventTypes.CertificateExpiring, Certificate.Account, At)
{
    public override string Subject => $"certificate {Certificate.Id}";

    public override string Details => string.Create(
        CultureInfo.InvariantCulture, $"({Certificate.Name}) expires at {Times.Text(Certificate.ExpiresAt)}, in {Days} day(s) at most");

    protected override string Conversation => $"certificate-{Certificate.Id}";

    protected override void WriteSubject(Utf8JsonWriter json)
    {
        json.WriteNumber("id", Certificate.Id.Value);
        json.WriteString("name", Certificate.Name);
    }

    // The names are those of the certificate's own answers.
    protected override void WriteDetails(Utf8JsonWriter json)
    {
        json.WriteString("expirationDate", Times.Text(Certificate.ExpiresAt));
        json.WriteNumber("daysAhead", Days);
    }
}
