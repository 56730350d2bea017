namespace Sealpost.Sending;

/// <summary>Learns when a notification's bytes are written.</summary>
internal interface IWritingClock
{
    /// <summary>The request has a connection; its body is being written from now on.</summary>
    void Connected();

    /// <summary>The body is written, the answer is due.</summary>
    void Written();
}
