using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Sealpost.Testing.Receivers;

/// <summary>A packet filter of the system (socket(7), <c>SO_ATTACH_FILTER</c>) on one socket; needs no rights.</summary>
internal static class SocketFilter
{
    private const int SocketLevel = 1, AttachFilter = 26;

    // One instruction: BPF_RET | BPF_K with 0, which keeps no byte of any packet.
    private static readonly byte[] DropAll = [0x06, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>From now on nothing that comes is seen, not even by TCP.</summary>
    public static void DropEverything(Socket socket)
    {
        var code = Marshal.AllocHGlobal(DropAll.Length);
        try
        {
            Marshal.Copy(DropAll, 0, code, DropAll.Length);

            // struct sock_fprog: the number of instructions, and where they are.
            var program = new byte[2 * IntPtr.Size];
            program[0] = 1;
            MemoryMarshal.Write(program.AsSpan(IntPtr.Size), code);
            socket.SetRawSocketOption(SocketLevel, AttachFilter, program);
        }
        finally
        {
            Marshal.FreeHGlobal(code);
        }
    }
}
