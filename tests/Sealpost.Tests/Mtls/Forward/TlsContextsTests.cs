using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts;
using Sealpost.Mtls;
using Sealpost.Mtls.Certificates;
using Sealpost.Mtls.Forward;
using Sealpost.Sending;
using Sealpost.Testing.Certificates;
using Sealpost.Vault;

namespace Sealpost.Tests.Mtls.Forward;

public sealed class TlsContextsTests : IDisposable
{
    private static readonly AccountId A = AccountId.Parse("a");
    private static readonly AccountId B = AccountId.Parse("b");

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly CertificateDirectory _directory = new([]);
    private readonly KeyMaterial _material = TestMaterial.New();
    private readonly TlsContexts _contexts;

    public TlsContextsTests()
    {
        var options = new ForwardOptions { Sending = new SendingOptions(), Egress = new EgressOptions(), Mtls = new MtlsOptions() };
        _contexts = new TlsContexts(_directory, new ContextOpener(options, new OwnAddresses(), new SystemHostLookup().FindAsync, _time), _time, mostContexts: 3);
    }

    public void Dispose() => _contexts.Dispose();

    [Fact]
    public void One_context_serves_one_version_of_one_account_and_no_other()
    {
        using var first = Lend(A, 1, 1);
        using var same = Lend(A, 1, 1);
        using var otherAccount = Lend(B, 1, 1);
        using var plainA = _contexts.LendPlain(A);

        Assert.Same(first!.Context, same!.Context);
        Assert.Equal(3, new[] { first.Context, otherAccount!.Context, plainA.Context }.Distinct().Count());
        Assert.NotSame(plainA.Context, LendPlainOnce(B));
        Assert.Equal((true, false), (first.Context.PresentsCertificate, plainA.Context.PresentsCertificate));
    }

    [Fact]
    public async Task Many_who_need_the_same_context_at_once_get_one()
    {
        Put(A, 1, 1);

        var leases = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => _contexts.Lend(Certificate(A, 1, 1), _material)!)));

        Assert.Single(leases.Select(lease => lease.Context.Invoker).Distinct());
        Array.ForEach(leases, lease => lease.Dispose());
    }

    [Fact]
    public async Task A_replaced_version_is_not_lent_and_closes_when_its_last_request_is_answered()
    {
        var old = Lend(A, 1, 1)!;
        Put(A, 1, 2);
        _contexts.Retire(new VaultPlace(A, 1, 1));

        Assert.Null(_contexts.Lend(Certificate(A, 1, 1), _material));
        Assert.True(old.Context.IsRetired);
        Assert.Throws<ContextRetiredException>(old.Context.ThrowIfRetired);
        Assert.False(await IsClosedAsync(old.Context));
        old.Dispose();
        Assert.True(await IsClosedAsync(old.Context));
    }

    [Fact]
    public void What_is_not_in_the_directory_any_more_is_not_lent_although_nobody_has_retired_it_yet()
    {
        Lend(A, 1, 1)!.Dispose();
        _directory.Remove(A, new CertificateId(1));

        Assert.Null(_contexts.Lend(Certificate(A, 1, 1), _material));
    }

    [Fact]
    public async Task Beyond_the_most_the_one_unused_for_longest_goes_and_one_in_use_stays()
    {
        var inUse = Lend(A, 1, 1)!;
        Pass(1);
        var oldest = Lend(A, 2, 1)!;
        oldest.Dispose();
        Pass(1);
        var newer = Lend(A, 3, 1)!;
        newer.Dispose();
        Pass(1);

        Lend(A, 4, 1)!.Dispose();

        Assert.Equal(3, _contexts.Count);
        Assert.Equal((false, true, false), (await IsClosedAsync(inUse.Context), await IsClosedAsync(oldest.Context), await IsClosedAsync(newer.Context)));
        inUse.Dispose();
    }

    [Fact]
    public async Task Ten_minutes_after_its_last_use_a_context_closes()
    {
        var lease = Lend(A, 1, 1)!;
        Pass(601);
        await _contexts.TurnAsync(TestContext.Current.CancellationToken);
        Assert.False(await IsClosedAsync(lease.Context));
        lease.Dispose();
        Pass(61);

        await _contexts.TurnAsync(TestContext.Current.CancellationToken);

        Assert.True(await IsClosedAsync(lease.Context));
        Assert.Equal(0, _contexts.Count);
    }

    [Fact]
    public void Key_material_that_cannot_be_used_leaves_nothing_behind()
    {
        Put(A, 1, 1);
        var junk = new KeyMaterial(_material.Certificate, new Secret("no key"), []);

        Assert.ThrowsAny<CryptographicException>(() => _contexts.Lend(Certificate(A, 1, 1), junk));

        Assert.Equal(0, _contexts.Count);
        _contexts.Lend(Certificate(A, 1, 1), _material)!.Dispose();
    }

    private static ClientCertificate Certificate(AccountId account, long id, int version) =>
        new(account, new CertificateId(id), $"c{id}", version, DateTimeOffset.MaxValue);

    private void Put(AccountId account, long id, int version) => _directory.Put(Certificate(account, id, version));

    private TlsLease? Lend(AccountId account, long id, int version)
    {
        Put(account, id, version);
        return _contexts.Lend(Certificate(account, id, version), _material);
    }

    private TlsContext LendPlainOnce(AccountId account)
    {
        using var lease = _contexts.LendPlain(account);
        return lease.Context;
    }

    private void Pass(double seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));

    // What is disposed of says so; what is not goes on until something else is in its way, here the egress guard.
    private static async Task<bool> IsClosedAsync(TlsContext context)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "https://127.0.0.1:1/");
            await context.Invoker.SendAsync(request, TestContext.Current.CancellationToken);
            return false;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
