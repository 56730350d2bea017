using Sealpost.Mtls.Certificates;
using Sealpost.Storage;
using Sealpost.Vault;

namespace Sealpost.IntegrationTests.Mtls.Certificates;

/// <summary>In which order a certificate comes and goes, and that a failure in the middle leaves nothing wrong.</summary>
public sealed class CertificateRegistryTests : IDisposable
{
    private static readonly VaultAnswer Outage = new(VaultVerdict.Unavailable, "no answer");

    private readonly RegistryScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task A_new_certificate_is_in_the_vault_before_it_is_in_use_anywhere()
    {
        _scene.Vault.Storing = _ =>
        {
            Assert.Empty(_scene.Registry.Directory.Of(RegistryScene.Acme));
            return Task.CompletedTask;
        };
        var result = await _scene.CreateAsync();
        Assert.Equal(["begin 1", "vault stores 1", "commit 1"], _scene.Steps);
        _scene.AssertAll(result.Certificate!);
        Assert.Equal(CertificateStatus.Available, await _scene.StatusAsync(result.Certificate!));
    }

    [Fact]
    public async Task A_replacement_is_in_use_before_what_it_replaces_is_retired_and_wiped()
    {
        var before = await _scene.SavedAsync();
        var after = (await _scene.ReplaceAsync(before, "renamed")).Certificate!;
        Assert.Equal(["begin 2", "vault stores 2", "commit 2", "retired 1", "vault wipes 1", "wiped 1"], _scene.Steps);
        Assert.Equal([(1, 2)], _scene.Retired);
        Assert.Equal((2, "renamed"), (after.Version, after.Name));
        _scene.AssertAll(after);
        Assert.False((await _scene.Cache.FetchAsync(before.Place, TestContext.Current.CancellationToken)).IsFetched);
    }

    [Fact]
    public async Task A_deleted_certificate_is_found_no_more_when_it_is_retired()
    {
        var gone = await _scene.SavedAsync();
        Assert.Equal(gone, await _scene.DeleteAsync(gone));
        Assert.Equal(["remove", "retired 1", "vault wipes 1", "wiped 1"], _scene.Steps);
        Assert.Equal([(1, null)], _scene.Retired);
        _scene.AssertAll();
        Assert.Null(await _scene.DeleteAsync(gone));
        Assert.Equal(UploadKind.CertificateNotFound, (await _scene.ReplaceAsync(gone)).Kind);
    }

    [Fact]
    public async Task What_the_vault_does_not_take_leaves_nothing_behind_and_its_name_free()
    {
        _scene.Vault.Trouble = Outage;
        Assert.Equal((UploadKind.VaultFailed, Outage), ((await _scene.CreateAsync()) is var result ? (result.Kind, result.Vault) : default));
        Assert.Empty(_scene.Registry.Directory.Of(RegistryScene.Acme));

        _scene.Vault.Trouble = null;
        await _scene.SweepAsync();
        _scene.AssertAll();
        _scene.AssertAll(await _scene.SavedAsync());
    }

    [Fact]
    public async Task A_replacement_that_the_vault_does_not_take_leaves_the_one_before_in_use()
    {
        var kept = await _scene.SavedAsync();
        _scene.Vault.Trouble = Outage;
        Assert.Equal(UploadKind.VaultFailed, (await _scene.ReplaceAsync(kept)).Kind);
        Assert.Empty(_scene.Retired);
        Assert.Equal(CertificateStatus.Available, await _scene.StatusAsync(kept));

        _scene.Vault.Trouble = null;
        await _scene.SweepAsync();
        _scene.AssertAll(kept);
    }

    [Fact]
    public async Task A_caller_who_goes_while_the_vault_works_leaves_nothing_behind()
    {
        using var caller = new CancellationTokenSource();
        _scene.Vault.Storing = _ => caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _scene.Registry.CreateAsync(RegistryScene.Acme, "name", _scene.Reading(), caller.Token));
        await _scene.SweepAsync();
        _scene.AssertAll();
        _scene.Vault.Storing = _ => Task.CompletedTask;
        _scene.AssertAll(await _scene.SavedAsync());
    }

    [Fact]
    public async Task A_disk_that_fills_up_in_the_middle_leaves_what_was_there_in_use()
    {
        var kept = await _scene.SavedAsync();
        _scene.Vault.Storing = _ =>
        {
            _scene.Store.IsFull = true;
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<StoreException>(() => _scene.ReplaceAsync(kept));
        Assert.Empty(_scene.Retired);
        Assert.Equal([kept], _scene.Registry.Directory.Of(RegistryScene.Acme));

        // Without room nothing can be crossed off, and nothing breaks.
        await _scene.SweepAsync();
        _scene.Store.IsFull = false;
        await _scene.SweepAsync();
        _scene.AssertAll(kept);
    }

    [Fact]
    public async Task A_disk_that_fills_up_under_a_new_certificate_gives_its_name_back_once_there_is_room()
    {
        _scene.Vault.Storing = _ =>
        {
            _scene.Store.IsFull = true;
            return Task.CompletedTask;
        };
        await Assert.ThrowsAsync<StoreException>(() => _scene.CreateAsync());
        (_scene.Store.IsFull, _scene.Vault.Storing) = (false, _ => Task.CompletedTask);
        await _scene.SweepAsync();
        _scene.AssertAll(await _scene.SavedAsync());
    }

    [Fact]
    public async Task A_certificate_that_was_saved_is_saved_though_its_forerunner_cannot_be_crossed_off()
    {
        var before = await _scene.SavedAsync();
        _scene.Store.Committed = () => _scene.Store.IsFull = true;
        var after = await _scene.ReplaceAsync(before);
        Assert.Equal(UploadKind.Saved, after.Kind);
        (_scene.Store.IsFull, _scene.Store.Committed) = (false, static () => { });
        await _scene.SweepAsync();
        _scene.AssertAll(after.Certificate!);
    }

    [Fact]
    public async Task Of_two_replacements_at_once_the_later_one_stays_and_both_others_are_wiped()
    {
        var before = await _scene.SavedAsync();
        var late = new TaskCompletionSource();
        _scene.Vault.Storing = place => place.Version == 2 ? late.Task : Task.CompletedTask;
        var second = _scene.ReplaceAsync(before);
        var third = (await _scene.ReplaceAsync(before)).Certificate!;
        late.SetResult();
        Assert.Equal(third, (await second).Certificate);
        Assert.Equal([(1, 3)], _scene.Retired);
        _scene.AssertAll(third);
    }

    [Fact]
    public async Task Each_of_two_replacements_retires_the_one_it_replaced()
    {
        var before = await _scene.SavedAsync();
        Task<UploadResult>? third = null;
        _scene.Store.Committed = () =>
        {
            _scene.Store.Committed = static () => { };
            third = Task.Run(() => _scene.ReplaceAsync(before));
            Elapse(third);
        };
        await _scene.ReplaceAsync(before);
        var last = (await third!).Certificate!;
        Assert.Equal([1, 2], _scene.Retired.Select(retired => retired.Version).Order());
        _scene.AssertAll(last);
    }

    [Fact]
    public async Task A_certificate_that_is_deleted_while_its_replacement_is_stored_stays_deleted()
    {
        var gone = await _scene.SavedAsync();
        _scene.Vault.Storing = _ => _scene.DeleteAsync(gone);
        Assert.Equal(UploadKind.CertificateNotFound, (await _scene.ReplaceAsync(gone)).Kind);
        await _scene.SweepAsync();
        _scene.AssertAll();
    }

    [Fact]
    public async Task A_certificate_that_is_deleted_at_the_moment_of_its_replacement_does_not_come_back()
    {
        var gone = await _scene.SavedAsync();
        Task? deletion = null;
        _scene.Store.Committed = () =>
        {
            deletion = Task.Run(() => _scene.DeleteAsync(gone));
            Elapse(deletion);
        };
        await _scene.ReplaceAsync(gone);
        await deletion!;
        await _scene.SweepAsync();
        _scene.AssertAll();
    }

    [Fact]
    public async Task A_name_that_another_took_meanwhile_refuses_the_replacement_alone()
    {
        var (one, two) = (await _scene.SavedAsync("a"), await _scene.SavedAsync("b"));
        Assert.Equal(UploadKind.NameTaken, (await _scene.ReplaceAsync(one, "b")).Kind);
        Assert.Equal(UploadKind.NameTaken, (await _scene.CreateAsync("b")).Kind);
        await _scene.SweepAsync();
        Assert.Equal([one, two], _scene.Registry.Directory.Of(RegistryScene.Acme));
        Assert.Equal(2, _scene.Vault.Kept.Count());
    }

    [Fact]
    public async Task What_the_vault_does_not_wipe_is_wiped_when_it_is_back()
    {
        var gone = await _scene.SavedAsync();
        _scene.Vault.Trouble = Outage;
        Assert.Equal(gone, await _scene.DeleteAsync(gone));
        Assert.Equal([gone.Place], _scene.Store.Leftovers());
        _scene.Vault.Trouble = null;
        await _scene.SweepAsync();
        _scene.AssertAll();
    }

    [Fact]
    public async Task A_certificate_is_available_only_in_vault_and_time()
    {
        var certificate = await _scene.SavedAsync(days: 1);
        Assert.Equal(CertificateStatus.Available, await _scene.StatusAsync(certificate));
        _scene.Vault.Lose(certificate.Place);
        _scene.Cache.Forget(certificate.Place);
        Assert.Equal(CertificateStatus.UnAvailable, await _scene.StatusAsync(certificate));

        _scene.Time.Advance(TimeSpan.FromDays(1) - TimeSpan.FromTicks(1));
        Assert.Equal(CertificateStatus.UnAvailable, await _scene.StatusAsync(certificate));
        _scene.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(CertificateStatus.Expired, await _scene.StatusAsync(certificate));
    }

    // Long enough for the other to get in between, where it can.
    private static void Elapse(Task other) => SpinWait.SpinUntil(() => other.IsCompleted, TimeSpan.FromMilliseconds(300));
}
