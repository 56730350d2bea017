namespace Sealpost.Accounts.AppKeys;

/// <summary>How signed calls are judged.</summary>
internal sealed record OAuthOptions
{
    /// <summary>The realm that a refusal names.</summary>
    public const string Realm = "sealpost";

    /// <summary>
    /// Setting <c>Server:PublicUrl</c>: the scheme and host that callers sign, whatever arrives here behind a terminator. Null:
    /// those of the connection (<c>X-Forwarded-Proto</c> of a trusted proxy counts) and of the <c>Host</c> header.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Told when nonces cannot be kept in a way that must end the process.</summary>
    public Action<Exception> StoreBroken { get; init; } = _ => { };
}
