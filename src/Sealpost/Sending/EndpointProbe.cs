using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Sealpost.Sending;

/// <summary>Whether an endpoint could be reached from this machine under these settings, in a sentence; nothing is sent to it but a TLS handshake.</summary>
public static class EndpointProbe
{
    /// <summary>Resolves, judges, connects and shakes hands, as a delivery would.</summary>
    /// <param name="endpoint">An https URL.</param>
    /// <param name="sending">Protocol versions.</param>
    /// <param name="egress">What may be reached, and whose certificates are believed.</param>
    /// <param name="patience">For all of it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What stands in the way, and what to do about it; null: nothing.</returns>
    public static async Task<string?> FindObstacleAsync(
        Uri endpoint, SendingOptions sending, EgressOptions egress, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        using var expiry = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellation);
        var step = "resolve its name";
        try
        {
            var guard = new EgressGuard(egress);
            var (host, port) = (endpoint.IdnHost, endpoint.Port);
            IPAddress[] addresses = IPAddress.TryParse(endpoint.DnsSafeHost, out var literal)
                ? [literal]
                : guard.JudgeName(host) == EgressVerdict.Allowed ? await new SystemHostLookup().FindAsync(host, either.Token) : throw new EgressDeniedException(EgressVerdict.NameDenied);
            var denied = addresses.Select(address => guard.Judge(address, port)).FirstOrDefault(verdict => verdict != EgressVerdict.Allowed);
            if (denied != EgressVerdict.Allowed)
            {
                throw new EgressDeniedException(denied);
            }

            step = "connect";
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(addresses, port, either.Token);
            step = "shake hands in TLS";
            await using var tls = new SslStream(new NetworkStream(socket));
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = host,
                    EnabledSslProtocols = sending.TlsProtocols,
                    CertificateChainPolicy = EndpointTrust.PolicyWith(egress.TrustedRoots),
                    RemoteCertificateValidationCallback = new CertificateCheck(time).Validate,
                },
                either.Token);
            return null;
        }
        catch (EgressDeniedException e)
        {
            return $"{e.Message}: see Egress:AllowedNetworks and Egress:AllowedPorts.";
        }
        catch (CertificateRefusedException e)
        {
            return $"{e.Message}: its owner must mend it, or name its issuer's file in Egress:TrustedRoots.";
        }
        catch (InvalidDataException e)
        {
            return $"{e.Message}.";
        }
        catch (AuthenticationException e)
        {
            return $"could not {step}: {(e.InnerException ?? e).Message}";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return $"could not {step}: {e.Message}.";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"could not {step} within {patience.TotalSeconds:0} s: see that a firewall lets it through.");
        }
    }
}
