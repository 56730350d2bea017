using Dapper;
using Sealpost.Accounts;
using Sealpost.Mtls.Routes;

namespace Sealpost.Storage.Sqlite;

/// <summary>The last answers of MTLS in SQLite.</summary>
internal sealed class SqliteRouteStore(SqliteDatabase database) : IRouteStore
{
    public IReadOnlyList<MappingAnswer> Load() => database.Read<IReadOnlyList<MappingAnswer>>(connection =>
        [.. connection
            .Query<(string Account, string Endpoint, bool IsMapped)>("SELECT account, endpoint, is_mapped FROM routes")
            .Select(row => new MappingAnswer(AccountId.Parse(row.Account), row.Endpoint, row.IsMapped))]);

    public void Save(AccountId account, IReadOnlyList<MappingAnswer> answers) => database.Write(connection =>
    {
        connection.Execute("DELETE FROM routes WHERE account = @id", new { id = account.Value });
        connection.Execute(
            "INSERT INTO routes(account, endpoint, is_mapped) VALUES (@Account, @Endpoint, @IsMapped)",
            answers.Select(answer => new { Account = answer.Account.Value, answer.Endpoint, answer.IsMapped }));
    });
}
