namespace Sealpost.Testing.Tls;

/// <summary>
/// A configuration of OpenSSL, as <c>OPENSSL_CONF</c> names it, that lets a process speak TLS 1.1: Debian's own refuses it. What
/// is refused under this one is refused by the program itself.
/// </summary>
public static class OpenSslConfiguration
{
    public const string Variable = "OPENSSL_CONF";

    // TLS 1.1 signs with SHA-1, which OpenSSL 3 takes at security level 0 alone.
    private const string Permissive = """
        openssl_conf = application
        [application]
        ssl_conf = sections
        [sections]
        system_default = all
        [all]
        MinProtocol = TLSv1.1
        CipherString = DEFAULT@SECLEVEL=0
        """;

    public static void Write(string path) => File.WriteAllText(path, Permissive + "\n");
}
