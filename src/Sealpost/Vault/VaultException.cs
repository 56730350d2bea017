namespace Sealpost.Vault;

/// <summary>A key or a sealed value is not what it must be; the message is one line for the operator and holds no secret.</summary>
public sealed class VaultException : Exception
{
    public VaultException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
