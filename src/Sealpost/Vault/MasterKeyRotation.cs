namespace Sealpost.Vault;

/// <summary>
/// Opens the master key, and first changes it when a new one lies beside it: all that the old one sealed is sealed with the new one
/// in one transaction, which also makes the store remember the new one. (1) The new key is on the disk before it is used. (2) The
/// transaction. (3) The new key takes the old one's place. A crash leaves the store with one key or with the other, and the next
/// start sees which.
/// </summary>
/// <param name="path">The key's file; the new one stands beside it in <c>master.key.next</c>.</param>
/// <param name="check">The store's memory of its key.</param>
/// <param name="rotate">Seals everything anew, from the first key to the second, and remembers the second; one transaction.</param>
internal sealed class MasterKeyRotation(string path, IKeyCheck check, Action<MasterKey, MasterKey> rotate)
{
    private string NextPath => path + ".next";

    /// <summary>The key to work with from now on.</summary>
    /// <param name="given">The key from the environment; null: the file.</param>
    /// <param name="givenNext">The new key from the environment, where the present one comes from there too.</param>
    /// <exception cref="VaultException">A key is missing, malformed, or not the one that sealed this store.</exception>
    public MasterKey Open(Secret? given, Secret? givenNext)
    {
        var next = given is null ? NextFromFile() : givenNext is null ? null : MasterKey.Parse(givenNext, "the next master key in the environment");
        if (next is null)
        {
            return MasterKey.Open(path, given, check);
        }

        // What a crash, or the environment's last start, left behind: the store has gone over already.
        if (check.Read() is not { } expected || !next.Fits(expected))
        {
            rotate(MasterKey.Open(path, given, check), next);
        }

        if (given is null)
        {
            TakePlace();
        }

        return next;
    }

    private MasterKey? NextFromFile() => File.Exists(NextPath) ? MasterKey.Parse(PrivateFile.Read(NextPath), NextPath) : null;

    // The old key stays: backups that were made before open with it alone.
    private void TakePlace()
    {
        try
        {
            if (File.Exists(path))
            {
                File.Move(path, path + ".previous", overwrite: true);
            }

            File.Move(NextPath, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VaultException($"{NextPath} cannot take the place of {path}: {e.Message}", e);
        }
    }
}
