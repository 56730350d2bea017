using Sealpost.Cli.Client;

namespace Sealpost.Cli.Publishing;

/// <summary>Makes a publish call until it is taken or refused for good. Safe only as each call carries its idempotency key.</summary>
internal sealed class PatientSending(ApiClient api, TimeProvider clock, Action<string> note)
{
    public async Task<Answer> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        for (var calls = 1; ; calls++)
        {
            try
            {
                return await api.SendAsync(request(), cancellation);
            }
            catch (ApiException refusal) when (refusal.IsPassing && Patience.Wait(calls, refusal.RetryAfter) is { } wait)
            {
                note($"{refusal.Detail.TrimEnd('.')} [{refusal.Code}]; trying again in {wait.TotalSeconds:0.#} s");
                await Task.Delay(wait, clock, cancellation);
            }
        }
    }
}
