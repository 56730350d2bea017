using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sealpost.IntegrationTests.Support;
using Sealpost.Storage.Sqlite;
using Sealpost.Testing.Certificates;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Mtls;

/// <summary>What is in a p12 and what opens it never come back: not in an answer, not in the log, not on the disk in the clear.</summary>
public sealed class MtlsCanaryTests
{
    private const string Password = "canary-p12-password";

    private readonly List<Answer> _answers = [];

    [Fact]
    public async Task No_password_and_no_key_comes_back_or_is_written_in_the_clear()
    {
        using var folder = new DataFolder();
        await using var host = await AdminHost.Start(folder, vault: (database, key) => new LocalVault(new SqliteEnvelopeStore(database), key));
        using var certificate = ClientCertificates.EllipticCurve(host.Time.GetUtcNow());
        using var key = certificate.GetECDsaPrivateKey()!;
        var p12 = new P12Files { KeyPassword = Password }.AddWithKey(certificate).Build(Password);

        var id = await UploadAsync(host, "POST", p12, $$"""{"name":"bank","password":"{{Password}}"}""");
        await UploadAsync(host, "PUT", p12, $$"""{"id":{{id}},"password":"{{Password}}"}""");
        await UploadAsync(host, "POST", p12, $$"""{"name":"bank","password":"{{Password}}"}""");
        await UploadAsync(host, "POST", p12, $$"""{"name":"x","password":["{{Password}}"]}""");
        await UploadAsync(host, "POST", p12, $$"""{"name":"x","password":"{{Password}} not"}""");
        await CallAsync(host, "POST", MtlsCalls.Certificates("acme"), $$"""{"name":"json","password":"{{Password}}","p12":[{{string.Join(',', p12)}}]}""");
        await CallAsync(host, "POST", MtlsCalls.Certificates("acme"), $$"""{"name":"cut","password":"{{Password}}","p12":[{{string.Join(',', p12.Take(50))}}]}""");
        await CallAsync(host, "POST", MtlsCalls.Mappings("acme"), $$"""{"certificationId":{{id}},"serviceId":2,"url":"https://bank.example/","name":"m"}""");
        await CallAsync(host, "GET", MtlsCalls.Certificates("acme"));
        await CallAsync(host, "GET", $"{MtlsCalls.Certificates("acme")}/{id}");
        await CallAsync(host, "GET", MtlsCalls.Mappings("acme"));
        await CallAsync(host, "DELETE", $"{MtlsCalls.Certificates("acme")}/{id}");
        await CallAsync(host, "GET", "/api/account/acme/audit");
        Assert.Contains(_answers, answer => answer.Status == 201);
        Assert.Contains(_answers, answer => answer.Status == 400);

        var secrets = Secrets(key, p12);
        var (log, answers) = (Encoding.UTF8.GetBytes(string.Join('\n', host.Log)), Encoding.UTF8.GetBytes(string.Join('\n', _answers.Select(answer => answer.Body))));
        var files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        Assert.Contains(folder.File("sealpost.db-wal"), files);
        foreach (var (name, secret) in secrets)
        {
            Assert.False(Holds(answers, secret), $"{name} is in an answer");
            Assert.False(Holds(log, secret), $"{name} is in the log");
            Assert.All(files, file => Assert.False(Holds(Read(file), secret), $"{name} is in {file}"));
        }

        // The search finds what is there: the certificate's name, the log's own lines, the answers.
        Assert.True(Holds(answers, "certificates.create"u8));
        Assert.True(Holds(log, "is saved in version"u8) && Holds(answers, "successfulySavedCertificates"u8));
        Assert.Contains(files, file => Holds(Read(file), "https://bank.example/"u8));
        Assert.DoesNotContain(Directory.GetFiles(Path.GetTempPath(), "ASPNETCORE_*"), file => Holds(Read(file), Encoding.UTF8.GetBytes(Password)));
    }

    // The key's number, raw and in the encodings it could be written in; the file itself is as good as its password.
    private static List<(string Name, byte[] Bytes)> Secrets(ECDsa key, byte[] p12)
    {
        var number = key.ExportParameters(includePrivateParameters: true).D!;
        var pkcs8 = key.ExportPkcs8PrivateKey();
        return
        [
            ("the password", Encoding.UTF8.GetBytes(Password)),
            ("the password in UTF-16", Encoding.Unicode.GetBytes(Password)),
            ("the key", number),
            ("the key in base64", Encoding.UTF8.GetBytes(Convert.ToBase64String(pkcs8)[..60])),
            ("the key in hexadecimal", Encoding.UTF8.GetBytes(Convert.ToHexString(number))),
            ("a private key in PEM", "PRIVATE KEY-----"u8.ToArray()),
            ("the p12", p12[..64]),
            ("the p12 in base64", Encoding.UTF8.GetBytes(Convert.ToBase64String(p12)[..64])),
            ("the p12 as numbers", Encoding.UTF8.GetBytes(string.Join(',', p12.Take(64)))),
        ];
    }

    private async Task<long> UploadAsync(AdminHost host, string method, byte[] p12, string metadata)
    {
        using var form = new MultipartFormDataContent { { new StringContent(metadata), "certificate" }, { new ByteArrayContent(p12), "file", "client.p12" } };
        var answer = await host.Send(method, MtlsCalls.Certificates("acme") + "/by-file", AdminHost.AdministratorSecret, form);
        _answers.Add(answer);
        return answer.Status is 200 or 201 ? MtlsCalls.Saved(answer)[0].GetProperty("id").GetInt64() : 0;
    }

    private async Task CallAsync(AdminHost host, string method, string path, string? body = null) => _answers.Add(await host.Call(method, path, body: body));

    private static bool Holds(ReadOnlySpan<byte> text, ReadOnlySpan<byte> secret) => text.IndexOf(secret) >= 0;

    private static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
