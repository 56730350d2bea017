using Sealpost.Vault;

namespace Sealpost.Mtls.P12;

/// <summary>Reads uploaded files, a few at a time in the whole process: each may cost a second of a core. Thread safe.</summary>
internal sealed class P12Readings(TimeProvider time) : IDisposable
{
    private const int MostAtOnce = 2;

    private readonly SemaphoreSlim _places = new(MostAtOnce);

    public async Task<P12Reading> ReadAsync(ReadOnlyMemory<byte> p12, Secret? password, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        try
        {
            return await Task.Run(() => P12Reader.Read(p12, password, time.GetUtcNow()), cancellation);
        }
        finally
        {
            _places.Release();
        }
    }

    public void Dispose() => _places.Dispose();
}
