using CourtOps.Kernel.Access;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Workzone.Cases;

namespace CourtOps.TrialSupport.Meetings;

/// <summary>Meetings the person may see: as a member, or with the secondary volume of the case.</summary>
[Permit("trial.read")]
internal sealed record ListMeetings : IQuery<IReadOnlyList<MeetingRow>>
{
    public long? CaseId { get; init; }

    internal sealed class Handler(Db db, ICases cases, MeetingBook book, AccessLog reads) : IQueryHandler<ListMeetings, IReadOnlyList<MeetingRow>>
    {
        public async Task<IReadOnlyList<MeetingRow>> Handle(ListMeetings request, CancellationToken cancellationToken)
        {
            var me = cases.Arguments.Me;
            var whole = false;
            if (request.CaseId is { } one)
            {
                await cases.GetAsync(one, cancellationToken);
                whole = await cases.CanReadSecondaryAsync(one, cancellationToken);
            }
            var rows = await db.PageAsync<MeetingRow>(
                $"SELECT {MeetingRow.Columns} FROM "
                    + (
                        whole
                            ? "trial_meeting m WHERE m.case_id = @CaseId"
                            : "trial_meeting_member x JOIN trial_meeting m ON m.id = x.meeting_id WHERE x.person_id = @me"
                                + (request.CaseId is null ? "" : " AND m.case_id = @CaseId")
                    )
                    + " ORDER BY m.held_on DESC, m.id DESC",
                new { me, request.CaseId },
                100,
                cancellationToken
            );
            var seen = new List<MeetingRow>();
            foreach (var row in rows)
                if (whole || await book.MayStillAsync(row, cancellationToken))
                    seen.Add(row);
            reads.List("trial.meeting.list", seen.Count, new { }, request.CaseId);
            return seen;
        }
    }
}

/// <summary>One meeting with its members; the opinions of others are shown once one has voted, or it is over.</summary>
[Permit("trial.read")]
internal sealed record ShowMeeting : IQuery<ShowMeeting.Result>
{
    public long Id { get; init; }

    internal sealed record Result(MeetingRow Row, IReadOnlyList<MemberRow> Members, MemberRow? Mine)
    {
        public IReadOnlyList<MeetingPaper> Papers { get; init; } = [];
    }

    internal sealed class Handler(MeetingBook book, Actor actor) : IQueryHandler<ShowMeeting, Result>
    {
        public async Task<Result> Handle(ShowMeeting request, CancellationToken cancellationToken)
        {
            var m = await book.GetAsync(request.Id, null, cancellationToken);
            var members = await book.MembersAsync(m.Id, cancellationToken);
            var mine = members.FirstOrDefault(x => x.PersonId == actor.Id);
            if (m.State == "called" && mine is { Vote: null })
                members = [.. members.Select(x => x.PersonId == actor.Id ? x : x with { Opinion = null, Vote = x.Vote is null ? null : "given" })];
            return new Result(m, members, mine) { Papers = await book.PapersAsync(m.Id, cancellationToken) };
        }
    }
}
