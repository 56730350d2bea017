using System.Net;
using System.Net.Sockets;

namespace Sealpost.IntegrationTests.Sending;

/// <summary>An address of the loopback that answers no SYN: a listener whose backlog is full and never accepted.</summary>
internal sealed class TcpHole : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _fill = [];

    public TcpHole()
    {
        _listener.Bind(new IPEndPoint(Address, 0));
        _listener.Listen(0);
        for (var i = 0; i < 8; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            _fill.Add(socket);
            try
            {
                socket.Connect(_listener.LocalEndPoint!);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                // As meant: the connection is on its way.
            }
        }
    }

    public IPAddress Address { get; } = IPAddress.Parse("127.0.0.2");

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose()
    {
        _fill.ForEach(socket => socket.Dispose());
        _listener.Dispose();
    }
}
