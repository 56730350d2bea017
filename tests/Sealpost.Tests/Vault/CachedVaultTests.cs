using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sealpost.Accounts;
using Sealpost.Testing.Certificates;
using Sealpost.Vault;

namespace Sealpost.Tests.Vault;

public sealed class CachedVaultTests
{
    private static readonly VaultPlace Place = new(AccountId.Parse("a"), 7, 1);
    private static readonly VaultAnswer Found = VaultAnswer.Done with { Material = TestMaterial.New() };
    private static readonly VaultAnswer Down = new(VaultVerdict.Unavailable, "no route");
    private static readonly TimeSpan MaxStale = TimeSpan.FromHours(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedVault _vault = new();
    private readonly VaultWatch _watch;
    private readonly CachedVault _cached;

    public CachedVaultTests()
    {
        _watch = new VaultWatch(MaxStale, _time, NullLogger<VaultWatch>.Instance);
        _cached = new CachedVault(_vault, new StaleRules(MaxStale), _watch, _time);
        Answer(Found);
    }

    [Fact]
    public async Task What_was_fetched_is_not_asked_for_again_while_it_is_fresh()
    {
        Assert.True((await Fetch()).IsFetched);
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.True((await Fetch()).IsFetched);
        Assert.Equal(1, _vault.Fetches);
    }

    [Fact]
    public async Task What_was_stored_need_not_be_fetched()
    {
        await _cached.StoreAsync(Place, Found.Material!, Cancel);
        Assert.Equal(Found.Material, (await Fetch()).Material);
        Assert.Equal(0, _vault.Fetches);
    }

    [Fact]
    public async Task An_outage_is_bridged_for_as_long_as_the_setting_says_and_then_nothing_is_given_out()
    {
        await Fetch();
        Answer(Down);

        _time.Advance(MaxStale - TimeSpan.FromSeconds(1));
        Assert.True((await Fetch()).IsFetched);
        await Settled();
        Assert.Equal(VaultCondition.Stale, _watch.Condition);

        _time.Advance(TimeSpan.FromSeconds(1.1));
        Assert.Equal(VaultVerdict.Unavailable, (await Fetch()).Verdict);
        Assert.Equal(VaultCondition.Lost, _watch.Condition);
    }

    [Fact]
    public async Task A_vault_that_is_back_is_used_again_after_the_pause()
    {
        Answer(Down);
        Assert.Equal("no route", (await Fetch()).Detail);
        Answer(Found);
        Assert.Equal("no route", (await Fetch()).Detail);
        Assert.Equal(1, _vault.Fetches);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await Fetch()).IsFetched);
        Assert.Equal(VaultCondition.Reached, _watch.Condition);
    }

    [Theory]
    [InlineData("Absent")]
    [InlineData("Deleted")]
    [InlineData("Destroyed")]
    [InlineData("Damaged")]
    public async Task What_the_vault_no_longer_has_is_not_used_though_it_is_in_memory(string verdict)
    {
        await Fetch();
        Answer(new VaultAnswer(Enum.Parse<VaultVerdict>(verdict)));
        _time.Advance(TimeSpan.FromMinutes(5));
        await _cached.ConfirmAsync(Cancel);

        Assert.False((await Fetch()).IsFetched);
    }

    [Fact]
    public async Task What_is_aging_is_given_out_at_once_and_confirmed_meanwhile()
    {
        await Fetch();
        var slow = new TaskCompletionSource<VaultAnswer>();
        _vault.OnFetch = _ => slow.Task;
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.True((await Fetch()).IsFetched);
        slow.SetResult(Found);
        await Settled();
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.True((await Fetch()).IsFetched);
        Assert.Equal(2, _vault.Fetches);
    }

    [Fact]
    public async Task The_loop_keeps_young_what_nobody_asks_for()
    {
        await Fetch();
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromMinutes(5));
            await _cached.ConfirmAsync(Cancel);
        }

        Answer(Down);
        Assert.True((await Fetch()).IsFetched);
    }

    [Fact]
    public async Task Many_who_need_the_same_make_one_request()
    {
        var slow = new TaskCompletionSource<VaultAnswer>();
        _vault.OnFetch = _ => slow.Task;
        var waiting = Enumerable.Range(0, 20).Select(_ => Fetch()).ToList();
        slow.SetResult(Found);

        Assert.All(await Task.WhenAll(waiting), answer => Assert.True(answer.IsFetched));
        Assert.Equal(1, _vault.Fetches);
    }

    [Fact]
    public async Task Who_gives_up_waiting_does_not_end_it_for_the_others()
    {
        var slow = new TaskCompletionSource<VaultAnswer>();
        _vault.OnFetch = _ => slow.Task;
        using var impatient = new CancellationTokenSource();
        var (first, second) = (_cached.FetchAsync(Place, impatient.Token), Fetch());
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        slow.SetResult(Found);

        Assert.True((await second).IsFetched);
    }

    [Fact]
    public async Task What_is_deleted_is_forgotten_whatever_the_vault_says_even_while_it_is_being_fetched()
    {
        var slow = new TaskCompletionSource<VaultAnswer>();
        _vault.OnFetch = _ => slow.Task;
        var fetching = Fetch();
        _vault.OnWrite = Down;
        Assert.True((await _cached.DeleteAsync(Place, Cancel)).IsOutage);
        slow.SetResult(Found);
        await fetching;

        Answer(Down);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.False((await Fetch()).IsFetched);
    }

    [Fact]
    public async Task A_write_is_not_tried_during_the_pause()
    {
        Answer(Down);
        await Fetch();
        Assert.True((await _cached.StoreAsync(Place, Found.Material!, Cancel)).IsOutage);
        Assert.Equal(0, _vault.Writes);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private void Answer(VaultAnswer answer) => _vault.OnFetch = _ => Task.FromResult(answer);

    private Task<VaultAnswer> Fetch() => _cached.FetchAsync(Place, Cancel);

    // What runs beside the calls is on the thread pool; asking for another place waits for nothing of it, so a few turns are given.
    private static async Task Settled()
    {
        for (var i = 0; i < 100; i++)
        {
            await Task.Yield();
        }

        await Task.Run(() => Task.CompletedTask, Cancel);
    }
}
