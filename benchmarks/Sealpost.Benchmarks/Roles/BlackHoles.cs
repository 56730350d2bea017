using System.Net;
using System.Net.Sockets;

namespace Sealpost.Benchmarks.Roles;

/// <summary>
/// Ports of loopback where nobody is at home: the system takes a connection and what is sent on it, and no answer ever comes.
/// Once a port's queue is full, further connections are not even taken.
/// </summary>
internal sealed class BlackHoles : IDisposable
{
    private readonly List<Socket> _listening = [];

    public BlackHoles(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            socket.Listen();
            _listening.Add(socket);
        }
    }

    public IReadOnlyList<int> Ports => [.. _listening.Select(socket => ((IPEndPoint)socket.LocalEndPoint!).Port)];

    public void Dispose() => _listening.ForEach(socket => socket.Dispose());
}
