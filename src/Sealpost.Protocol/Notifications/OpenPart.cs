namespace Sealpost.Protocol.Notifications;

/// <summary>
/// One part of a split notification while it is put together: the envelope's bytes up to and with <c>[</c>, the raw bytes of
/// its changes joined by <c>,</c>, and the envelope's bytes from <c>]</c> on (protocol 1).
/// </summary>
internal sealed class OpenPart(string eventType, string conversation)
{
    private byte[] _bytes = [];
    private int _written;
    private int _appended;

    public string EventType => eventType;

    public string Conversation => conversation;

    /// <summary>How many changes it takes.</summary>
    public int Changes { get; set; }

    /// <summary>The bytes of these changes, without the commas.</summary>
    public int ChangeBytes { get; set; }

    public int LengthIn(int envelopeLength) => envelopeLength + ChangeBytes + Changes - 1;

    public void Start(ReadOnlySpan<byte> before, int length)
    {
        _bytes = new byte[length];
        Write(before);
    }

    public void Append(ReadOnlySpan<byte> change)
    {
        if (_appended++ > 0)
            Write(","u8);
        Write(change);
    }

    public ReadOnlyMemory<byte> End(ReadOnlySpan<byte> after)
    {
        Write(after);
        return _bytes;
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_bytes.AsSpan(_written));
        _written += bytes.Length;
    }
}
