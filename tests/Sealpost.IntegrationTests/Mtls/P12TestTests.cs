using Sealpost.Testing.Certificates;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>A p12 is tried on an endpoint before anything is uploaded.</summary>
public sealed class P12TestTests
{
    private const string Path = "/mtls/account/a/p12-test/multipart";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_endpoint_sees_the_certificate_and_the_overrides_and_nothing_is_kept(bool isSigned)
    {
        await using var calls = await ForwardCalls.StartAsync();
        await using var receiver = await calls.DemandingAsync();
        receiver.Enqueue(new Testing.Receivers.Answer(201) { Body = "done"u8.ToArray() });
        using var certificate = ClientCertificates.Rsa(TimeProvider.System.GetUtcNow());

        var answer = await TestAsync(
            calls, P12Files.Of(certificate), receiver.At("/p").OriginalString, isSigned, ("LP-authorization-override", "Basic x"), ("LP-content-type-override", "text/x"), ("LP-method-override", "PUT"));

        Assert.Equal((201, "done"), (answer.Status, answer.Body));
        Assert.NotNull(answer.Header("LP-response-time-from-transport"));
        var request = Assert.Single(receiver.Requests);
        Assert.Equal(("PUT", "/p", "Basic x", "text/x", "{}", certificate.Thumbprint), (request.Method, request.Target, request["Authorization"], request["Content-Type"], request.Text, request.ClientThumbprint));
        Assert.Equal("[]", (await calls.Service.CallAsync("GET", "/mtls/account/a/certificates")).Body);
        Assert.DoesNotContain(request.Headers, header => header.Key.StartsWith("LP-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task What_the_upload_would_refuse_the_tester_refuses_and_the_endpoints_failure_is_told_as_the_forward_tells_it()
    {
        await using var calls = await ForwardCalls.StartAsync();
        var now = TimeProvider.System.GetUtcNow();
        using var sound = ClientCertificates.EllipticCurve(now);
        using var expired = ClientCertificates.EllipticCurve(now, new ClientWish { From = TimeSpan.FromDays(-9), To = TimeSpan.FromDays(-1) });
        var url = calls.Endpoint.OriginalString;
        calls.Service.Receiver.Enqueue(new Testing.Receivers.Answer(502) { Body = "no"u8.ToArray() });

        var old = await TestAsync(calls, P12Files.Of(expired), url);
        var junk = await TestAsync(calls, new byte[100], url);
        var failed = await TestAsync(calls, P12Files.Of(sound), url);
        var denied = await TestAsync(calls, P12Files.Of(sound), "https://169.254.169.254/");
        var method = await TestAsync(calls, P12Files.Of(sound), url, headers: ("LP-method-override", "CONNECT"));

        Assert.Equal((400, "certificate_expired"), (old.Status, old.Code));
        Assert.Equal((400, "p12_invalid"), (junk.Status, junk.Code));
        Assert.Equal((424, "no", "502"), (failed.Status, failed.Body, failed.Header("LP-status-from-transport")));
        Assert.Equal((424, "egress_denied"), (denied.Status, denied.Error()));
        Assert.Equal((400, "transport_header_invalid"), (method.Status, method.Code));
        Assert.Single(calls.Service.Receiver.Requests);
    }

    private static async Task<Support.Answer> TestAsync(ForwardCalls calls, byte[] p12, string url, bool isSigned = false, params (string Name, string Value)[] headers)
    {
        using var form = ForwardCalls.FormOf(p12);
        form.Add(new StringContent(P12Files.Password), "password");
        form.Add(new StringContent("{}"), "body");
        var request = calls.Service.Request("POST", Path);
        if (isSigned)
        {
            request.Headers.Authorization = null;
            request.Headers.TryAddWithoutValidation("Authorization", calls.Sign("POST", Path, calls.KeyOf("a")));
        }

        request.Content = form;
        return await calls.SendAsync(request, [("LP-forward-url", url), .. headers]);
    }
}
