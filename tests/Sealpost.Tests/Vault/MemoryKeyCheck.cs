using Sealpost.Vault;

namespace Sealpost.Tests.Vault;

/// <summary>A store's memory of its key, without a store.</summary>
internal sealed class MemoryKeyCheck : IKeyCheck
{
    private byte[]? _value;

    public byte[]? Read() => _value;

    public void Write(byte[] value) => _value = value;
}
