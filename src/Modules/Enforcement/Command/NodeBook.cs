using CourtOps.Kernel.Data;
using CourtOps.Kernel.Security;

namespace CourtOps.Enforcement.Command;

/// <summary>Ends steps of a case by what was done elsewhere; in the open transaction. A step that was done stays as it was recorded.</summary>
internal sealed class NodeBook(Db db, Actor actor)
{
    /// <returns>Whether the step was open.</returns>
    public async Task<bool> DoneAsync(long caseId, string code, DateOnly on, string words, CancellationToken ct) =>
        await db.ExecuteAsync(
            "UPDATE enforcement_node SET done_on = @on, words = @words, person_id = @by WHERE case_id = @caseId AND code = @code AND done_on IS NULL",
            new
            {
                caseId,
                code,
                on,
                words = words.Length > 400 ? words[..400] : words,
                by = actor.Id,
            },
            ct
        ) > 0;
}
