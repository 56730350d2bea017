using Microsoft.AspNetCore.Server.Kestrel.Https;
using Sealpost.Accounts;
using Sealpost.Mtls;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.Forward;
using Sealpost.Sending;
using Sealpost.Testing;
using Sealpost.Testing.Certificates;
using Sealpost.Testing.Receivers;

namespace Sealpost.IntegrationTests.Mtls;

public sealed class ForwardMemoryTests
{
    private const int Certificates = 1000;
    private const long MiB = 1 << 20;

    [Fact]
    public async Task A_thousand_certificates_with_an_open_connection_each_take_less_than_250_MB()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var pki = new Pki();
        // The receiver's side of the connections is in this process too, so this is more than the service takes.
        await using var receiver = await ScriptedReceiver.StartAsync(
            new ReceiverOptions(pki.Server()) { ClientCertificates = ClientCertificateMode.RequireCertificate }, cancellation);
        var all = Enumerable.Range(1, Certificates)
            .Select(i => new ClientCertificate(AccountId.Parse($"a{i}"), new CertificateId(i), "c", 1, DateTimeOffset.MaxValue)).ToList();
        var options = new ForwardOptions
        {
            Sending = new SendingOptions(),
            Egress = new EgressOptions { AllowedNetworks = [System.Net.IPNetwork.Parse("127.0.0.0/8")], TrustedRoots = [pki.RootFile] },
            Mtls = new MtlsOptions(),
        };
        using var contexts = new TlsContexts(new CertificateDirectory(all), new ContextOpener(options, new OwnAddresses(), new SystemHostLookup().FindAsync, TimeProvider.System), TimeProvider.System);
        var material = TestMaterial.NewRsa();
        await SendAsync(contexts.LendOnce(material));
        var before = Resident();

        foreach (var certificate in all)
        {
            await SendAsync(contexts.Lend(certificate, material)!);
        }

        var grown = Resident() - before;
        TestContext.Current.TestOutputHelper!.WriteLine($"{Certificates} certificates: {grown / MiB} MiB");
        Assert.Equal((Certificates, Certificates + 1), (contexts.Count, receiver.Requests.Select(request => request.ConnectionId).Distinct().Count()));
        Assert.InRange(grown, 0, 250_000_000);

        async Task SendAsync(TlsLease lease)
        {
            using (lease)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, receiver.Url);
                using var response = await lease.Context.Invoker.SendAsync(request, cancellation);
                Assert.Equal(200, (int)response.StatusCode);
                await response.Content.CopyToAsync(Stream.Null, cancellation);
            }
        }
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }
}
