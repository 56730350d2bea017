namespace Sealpost.Testing.Receivers;

/// <summary>What bad endpoints do with a connection; each is a script of a <see cref="RawReceiver"/>.</summary>
public static class HostileScripts
{
    /// <summary>A storm's pause, in parts of the pace of what is dripped.</summary>
    private const int StormPause = 10;

    /// <summary>How long one who is gone stays unnoticed by the system on our side.</summary>
    private static readonly TimeSpan Vanished = TimeSpan.FromSeconds(30);

    /// <summary>Accepts and says nothing.</summary>
    public static Task StallBeforeHandshake(RawConnection connection) => connection.HoldAsync();

    /// <summary>Begins the answer to the handshake and leaves it unfinished.</summary>
    public static async Task StallInHandshake(RawConnection connection)
    {
        await connection.ReadAsync(new byte[16]);
        // The head of a TLS record of 256 bytes that never come.
        await connection.WriteAsync(new byte[] { 0x16, 0x03, 0x03, 0x01, 0x00 });
        await connection.HoldAsync();
    }

    /// <summary>Sends the handshake's answer byte by byte, without end.</summary>
    public static async Task DripHandshake(RawConnection connection)
    {
        await connection.ReadAsync(new byte[16]);
        await connection.WriteAsync(new byte[] { 0x16, 0x03, 0x03, 0x3f, 0xff });
        await connection.DripAsync(new string('\u0002', 10_000));
    }

    /// <summary>Takes the connection and never reads the request.</summary>
    public static async Task NeverRead(RawConnection connection)
    {
        await connection.SecureAsync();
        await connection.FreezeAsync();
    }

    /// <summary>Reads the request and says nothing.</summary>
    public static async Task StaySilent(RawConnection connection)
    {
        await AcceptRequestAsync(connection);
        await connection.HoldAsync();
    }

    public static async Task DripStatusLine(RawConnection connection)
    {
        await AcceptRequestAsync(connection);
        await connection.DripAsync("HTTP/1.1 200 " + new string('O', 10_000));
    }

    public static async Task DripHeaders(RawConnection connection)
    {
        await AcceptRequestAsync(connection);
        await connection.WriteAsync("HTTP/1.1 200 OK\r\n");
        await connection.DripAsync("x-slow: " + new string('a', 10_000));
    }

    /// <summary>Says "still at it" again and again.</summary>
    public static async Task StormInformational(RawConnection connection)
    {
        await AcceptRequestAsync(connection);
        while (true)
        {
            await connection.WriteAsync("HTTP/1.1 102 Processing\r\n\r\n");
            await Task.Delay(connection.Pace / StormPause, connection.Closing);
        }
    }

    /// <summary>Headers without end.</summary>
    public static async Task FloodHeaders(RawConnection connection)
    {
        await AcceptRequestAsync(connection);
        await connection.WriteAsync("HTTP/1.1 200 OK\r\n");
        while (true)
        {
            await connection.WriteAsync($"x-more: {new string('a', 1000)}\r\n");
        }
    }

    /// <summary>200, and a body without end.</summary>
    public static async Task EndlessBody(RawConnection connection)
    {
        await AcceptRequestAsync(connection);
        await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n");
        while (true)
        {
            await connection.WriteAsync(new string('a', 1000));
        }
    }

    /// <summary>200, and a body byte by byte.</summary>
    public static async Task DripBody(RawConnection connection)
    {
        await AcceptRequestAsync(connection);
        await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        await connection.DripAsync(new string('a', 1000));
    }

    public static async Task ResetAfterRequest(RawConnection connection)
    {
        await AcceptRequestAsync(connection);
        connection.Reset();
    }

    public static async Task CloseAfterRequest(RawConnection connection) => await AcceptRequestAsync(connection);

    public static async Task CloseInHeaders(RawConnection connection)
    {
        await AcceptRequestAsync(connection);
        await connection.WriteAsync("HTTP/1.1 200 OK\r\nx-cut: sho");
    }

    public static async Task SpeakGarbage(RawConnection connection)
    {
        await AcceptRequestAsync(connection);
        await connection.WriteAsync("220 mail.test ESMTP ready\r\n\r\n");
        await connection.HoldAsync();
    }

    /// <summary>Answers the handshake as a plain HTTP server does.</summary>
    public static async Task SpeakPlainHttp(RawConnection connection)
    {
        await connection.ReadAsync(new byte[16]);
        await connection.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    /// <summary>Answers one request well and is gone, while the other side believes that it has a connection.</summary>
    public static async Task AnswerAndVanish(RawConnection connection)
    {
        await AcceptRequestAsync(connection);
        await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await connection.VanishAsync(Vanished);
    }

    private static async Task AcceptRequestAsync(RawConnection connection)
    {
        await connection.SecureAsync();
        await connection.ReadRequestAsync();
    }
}
