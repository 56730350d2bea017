using Sealpost.Vault;

namespace Sealpost.Tests.Vault;

/// <summary>Master keys for tests, each made of one byte.</summary>
internal static class MasterKeys
{
    public static MasterKey Of(byte fill) => MasterKey.Open("unused", Text(fill), new MemoryKeyCheck());

    public static Secret Text(byte fill) => new(Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray()));
}
