namespace CourtOps.SystemTests.Access.Foreign;

/// <summary>What a form does with another court's id that it cannot refuse.</summary>
internal enum Answer
{
    /// <summary>403, 404, 409 or 422, and nothing is changed.</summary>
    Refused,

    /// <summary>Nothing is found or done, and that is not an error: a filter, a mark on one's own, a page that asks again.</summary>
    Nothing,

    /// <summary>Something of one's own is made, the other court is not touched: a batch whose item is refused, a comment.</summary>
    Own,
}

/// <param name="Who">A person of <see cref="Estate"/>; "party" for whoever has a link.</param>
/// <param name="Target">Method, route and handler, as <see cref="Route.ToString"/> has them.</param>
/// <param name="Fields">{order} is an id, tried with the other court's; {=order} always one's own. A name that begins with ? goes into the query.</param>
/// <param name="Taken">What one's own ids are answered with; 0: they are taken.</param>
internal sealed record Form(string Who, string Target, string Fields, Answer Answer = Answer.Refused, int Taken = 0)
{
    /// <summary>Each way in, filled as its people fill it. In the order in which they can all be done with one's own ids.</summary>
    public static IReadOnlyList<Form> All { get; } =
    [
        // pages and files that are only looked at
        new("judge", "GET /cases/{id:long}", "id={case}"),
        new("judge", "GET /cases/{id:long}/access", "id={case}"),
        new("judge", "GET /cataloguing/cases/{caseId:long}", "caseId={case} Document={document}", Answer.Nothing),
        new("judge", "GET /cataloguing/cases/{caseId:long}/panel", "caseId={case}"),
        new("judge", "GET /service/cases/{caseId:long}/panel", "caseId={case}"),
        new("judge", "GET /service/request", "CaseId={case} Document={document} Party={party}", Answer.Nothing),
        new("clerk", "GET /service/orders/{id:long}", "id={order}"),
        new("judge", "GET /orders/{id:long}", "id={order}"),
        new("judge", "GET /cases/{caseId:long}/orders/new", "caseId={case} Type=cataloguing.scan Parent={order}"),
        new("judge", "GET /documents/{id:long}", "id={document}"),
        new("judge", "GET /documents/{id:long}/content", "id={document} original=true", Taken: 200),
        new("registrar", "GET /imports/{id:long}", "id={import}"),
        new("registrar", "GET /imports/{id:long}/outcome.csv", "id={import}"),
        new("lead", "GET /batches/{id:long}", "id={batch}"),
        new("lead", "GET /batches/new", "Ids={order} step=comment", Answer.Nothing),
        new("clerk", "GET /orders/phrases", "edit={phrase}", Answer.Nothing),
        new("clerk", "GET /parties/{id:long}/address", "id={hand.party}"),
        new("clerk", "GET /parties/{id:long}/contact", "id={hand.party} Field=phone"),
        new("sysadmin", "GET /courts/{id:long}", "id={court}"),
        new("sysadmin", "GET /courts/{id:long}", "id={=court} Unit={unit}", Answer.Nothing),
        new("secadmin", "GET /people/{id:long}", "id={clerk}"),
        new("sysadmin", "GET /people/edit/{id:long?}", "id={clerk}"),
        new("sysadmin", "GET /people/{id:long}/handover", "id={clerk}"),
        new("secadmin", "GET /rights/matrix", "Court={court}"),
        new("secadmin", "GET /sessions", "Login={judge.login}", Answer.Nothing),
        new("auditor", "GET /audit", "Person={judge.login} Number={number} ObjectType=case ObjectId={case}", Answer.Nothing),
        new("auditor", "GET /audit/person/{id:long}", "id={judge}"),
        new("auditor", "GET /audit/readers", "Number={number}", Answer.Nothing),
        new("auditor", "GET /audit/readers", "DocumentId={document}", Answer.Nothing),
        new("judge", "GET /cases", "q={number}", Answer.Nothing),
        new("judge", "GET /search", "q={number}", Answer.Nothing),
        new("judge", "GET /search/palette", "q={number}", Answer.Nothing),
        new("sysadmin", "GET /people", "q={clerk.login}", Answer.Nothing),
        new("clerk", "GET /orders", "view=centre assignee={clerk} asker={judge}", Answer.Nothing),
        new("clerk", "GET /orders/filter", "view=centre assignee={clerk} asker={judge}", Answer.Nothing),
        new("clerk", "GET /orders/export.xlsx", "view=centre assignee={clerk} asker={judge}", Answer.Nothing),
        new("judge", "GET /uploads/{id}", "id={paper}"),
        new("judge", "GET /api/v1/uploads/{id}", "id={paper}"),
        new("judge", "GET /api/v1/cases", "number={number}", Answer.Nothing),
        new("judge", "GET /api/v1/cases/{id:long}", "id={case}"),
        new("judge", "GET /api/v1/cases/{id:long}/access", "id={case}"),
        new("judge", "GET /api/v1/cases/{id:long}/efile", "id={case}"),
        new("judge", "GET /api/v1/documents/{id:long}/content", "id={document}"),
        new("registrar", "GET /api/v1/imports/{id:long}/outcome.csv", "id={import}"),
        new("clerk", "GET /api/v1/work-orders", "view=centre assignee={clerk} asker={judge}", Answer.Nothing),
        new("judge", "GET /api/v1/work-orders", "caseId={case}", Answer.Nothing),
        new("judge", "GET /api/v1/work-orders/{id:long}", "id={order}"),
        new("lead", "GET /api/v1/batches/{id:long}", "id={batch}"),
        new("clerk", "GET /api/v1/service-tasks", "orderId={order}", Answer.Nothing),
        new("judge", "GET /api/v1/service-tasks", "caseId={case}", Answer.Nothing),
        new("auditor", "GET /api/v1/audit", "person={judge.login} number={number} objectType=case objectId={case}", Answer.Nothing),
        new("auditor", "GET /api/v1/access-log", "person={judge.login} number={number} objectType=case objectId={case}", Answer.Nothing),

        // whoever has a link; the tail of one's own id number opens no other
        new("party", "GET /p/{token}", "token={token}", Answer.Nothing),
        new("party", "POST /p/{token}", "token={token} Tail={=tail}"),
        new("party", "POST /p/{token}?handler=Code", "token={token}", Answer.Nothing),
        new("party", "GET /p/{token}/d/{n:int}", "token={token} n=1", Answer.Nothing),
        new("party", "GET /p/{token}/proof", "token={token}", Answer.Nothing),
        new("party", "POST /p/{token}?handler=Confirm", "token={token}", Answer.Nothing),
        new("party", "POST /p/{token}?handler=NotMe", "token={token}", Answer.Nothing),

        // cases
        new("judge", "POST /cases/{id:long}", "id={case} Data.UploadId={paper} Data.Kind=evidence Data.Title=证据"),
        new("judge", "POST /api/v1/cases/{id:long}/documents", "id={case} uploadId={paper} kind=evidence title=证据", Taken: 404),
        new("judge", "PUT /uploads/{id}", "id={paper} ?offset=0", Taken: 404),
        new("judge", "PUT /api/v1/uploads/{id}", "id={paper} ?offset=0", Taken: 404),
        new("registrar", "POST /imports", "UploadId={list}"),
        new("clerk", "POST /parties/{id:long}/address", "id={hand.party} Data.Version=1 Data.Phone=13900000009 Data.Consent=provided Data.Source=电话 Data.On=2026-03-01"),
        new("clerk", "POST /api/v1/parties/{id:long}/address", "id={hand.party} phone=13900000008 consent=provided source=电话 on=2026-03-01"),
        new("clerk", "POST /parties/{id:long}/contact", "id={hand.party} Field=phone Reason=联系送达"),
        new("clerk", "POST /api/v1/parties/{idAndVerb}", "idAndVerb={hand.party}:unmask field=phone reason=联系送达"),
        new("leader", "POST /cases/{id:long}/access?handler=Recuse", "id={case} Data.Login={assistant.login} Data.Reason=同乡"),
        new("leader", "POST /api/v1/cases/{id:long}/recusals", "id={case} login={gone.login} reason=同乡"),
        new("leader", "POST /cases/{id:long}/access?handler=EndRecusal", "id={case} recusalId={recusal} Data.Reason=驳回"),
        new("leader", "POST /cases/{id:long}/access?handler=Judge", "id={shut} Data.Login={judge2.login} Data.Reason=改派"),
        new("judge2", "POST /cases/{id:long}/access?handler=Seal", "id={shut} Data.Reason=封存"),
        new("judge", "POST /api/v1/cases/{id:long}/seal", "id={sealed} reason=封存", Taken: 422),
        new("judge", "POST /cases/{id:long}/access?handler=Unseal", "id={sealed} Data.Reason=公开"),

        // the life of a case
        new("judge", "GET /cases/{id:long}/clock", "id={case}"),
        new("judge", "GET /cases/{id:long}/events", "id={case}"),
        new("judge", "POST /cases/{id:long}/clock?handler=Deduct", "id={case} Data.Code=D-HJ Data.From=2026-03-02 Data.DocumentId={=document}"),
        new("judge", "POST /cases/{id:long}/clock?handler=Deduct", "id={=case} Data.Code=D-GX Data.From=2026-03-02 Data.DocumentId={document}"),
        new("judge", "POST /cases/{id:long}/clock?handler=End", "id={case} fact={=fact} to=2026-03-05", Taken: 404),
        new("judge", "POST /cases/{id:long}/clock?handler=End", "id={=hand.case} fact={fact} to=2026-03-05"),
        new("judge", "POST /cases/{id:long}/clock?handler=Extend", "id={case} Data.N=1 Data.Unit=month Data.DocumentId={=document} Data.Reason=案情复杂"),
        new("judge", "POST /cases/{id:long}/clock?handler=Extend", "id={=case} Data.N=1 Data.Unit=month Data.DocumentId={document} Data.Reason=案情复杂", Taken: 422),
        new("leader", "POST /cases/{id:long}/clock?handler=Decide", "id={=hand.case} extension={extension} version=1 granted=false words=不必"),
        new("judge", "POST /cases/{id:long}/events", "id={case} Data.Event=panel-formed Data.On=2026-03-02"),
        new("judge", "POST /api/v1/cases/{id:long}/events", "id={case} event=effective on=2026-03-02"),
        new("leader", "GET /slips/new", "CaseId={case}"),
        new("leader", "GET /slips/new", "OrderId={order}"),
        new("leader", "POST /slips/new", "CaseId={case} Kind=prompt Words=请办理"),
        new("leader", "POST /slips/new", "OrderId={hand} Kind=urge Words=请办理"),
        new("judge", "GET /slips/{id:long}", "id={slip}"),
        new("judge", "POST /slips/{id:long}", "id={slip} act=receive Version=1"),
        new("leader", "GET /leader", "open=near Court={court} Judge={judge}", Answer.Nothing),

        // service
        new("judge", "POST /service/request", "CaseId={case} Document={document} Party={party} Note=请送达", Taken: 422),
        new("judge", "POST /api/v1/service-requests", "caseId={case} documentIds={document} partyIds={party}", Taken: 422),
        new("clerk", "POST /service/orders/{id:long}?handler=Send", "id={order} notice={notice}"),
        new("clerk", "POST /service/orders/{id:long}?handler=Bounce", "id={order} notice={notice} Words=退信"),
        new("clerk", "POST /service/orders/{id:long}?handler=Decide", "id={order} notice={notice} went=false Words=日志", Taken: 409),
        new("clerk", "POST /service/orders/{id:long}?handler=Accept", "id={waiting}"),
        new("clerk", "POST /service/orders/{id:long}?handler=Feedback", "id={waiting}", Taken: 422),
        new("clerk", "POST /api/v1/service-tasks/{idAndVerb}", "idAndVerb={unsent.task}:send"),
        new("clerk", "POST /api/v1/service-tasks/{idAndVerb}", "idAndVerb={task}:bounce reason=退信"),
        new("clerk", "POST /api/v1/service-tasks/{idAndVerb}", "idAndVerb={task}:decide went=false words=日志", Taken: 409),

        // hearings
        new("judge", "GET /trial/cases/{caseId:long}/panel", "caseId={case}"),
        new("judge", "GET /trial/cases/{caseId:long}/schedule", "caseId={hand.case}"),
        new("judge", "GET /trial/cases/{caseId:long}/schedule", "caseId={=hand.case} ClerkId={assistant} Panel={heir}"),
        new("judge", "GET /trial/hearings/{id:long}", "id={hearing}"),
        new("judge", "GET /api/v1/hearings", "caseId={hand.case}"),
        new("planner", "GET /trial/rooms", "edit={room}", Answer.Nothing),
        new("judge", "POST /trial/hearings/{id:long}?handler=Move", "id={hearing} Start=2026-03-10T09:00 RoomId={=room} Reason=改期"),
        new("judge", "POST /trial/hearings/{id:long}?handler=Move", "id={=hearing} Start=2026-03-11T09:00 RoomId={room} Reason=改期"),
        new("judge", "POST /trial/hearings/{id:long}?handler=Confirm", "id={hearing}"),
        new("judge", "POST /trial/hearings/{id:long}?handler=Hold", "id={hearing} Outcome=ended Attendance=均到庭", Taken: 422),
        new("judge", "POST /trial/hearings/{id:long}?handler=Cancel", "id={hearing} Reason=撤诉"),
        new("judge", "POST /trial/cases/{caseId:long}/schedule", "caseId={hand.case} Minutes=60 Session=开庭审理 Start=2026-03-12T09:00 RoomId={=room}"),
        new("judge", "POST /trial/cases/{caseId:long}/schedule", "caseId={=hand.case} Minutes=60 Session=开庭审理 Start=2026-03-13T09:00 RoomId={room} ClerkId={assistant} Panel={heir}"),
        new("judge", "POST /api/v1/hearings", "caseId={hand.case} minutes=30 panel={heir} clerkId={assistant}"),
        new("judge", "POST /api/v1/hearings", "caseId={=hand.case} minutes=30 start=2026-03-16T09:00:00 roomId={room}"),
        new("judge", "POST /api/v1/hearings/{idAndVerb}", "idAndVerb={hearing}:cancel reason=撤诉", Taken: 422),
        new("planner", "POST /trial/rooms?handler=Close", "RoomId={room} From=2026-04-01 Reason=检修"),
        new("planner", "POST /trial/rooms?handler=Save", "Edit={room} Version=1 Name={=place}法庭 Size=20 Active=true"),

        // work orders
        new("judge", "POST /cases/{caseId:long}/orders/new", "caseId={case} Type=triage.check-filing f.scope=管辖 f.parties={party} f.documents={document}"),
        new("judge", "POST /cases/{caseId:long}/orders/new", "caseId={hand.case} Type=triage.check-filing Parent={hand} f.scope=管辖"),
        new("judge", "POST /api/v1/work-orders", "caseId={hand.case} type=triage.check-filing parentId={hand} form.scope=适用程序 form.parties={hand.party} form.documents={hand.document}"),
        new("judge", "POST /orders/{id:long}", "id={order} Data.Step=comment Data.Words=请尽快"),
        new("judge", "POST /orders/{id:long}", "id={=order} Data.Step=comment Data.Words=请@{clerk2.login}看", Answer.Own),
        new("clerk", "POST /orders/{id:long}", "id={hand} Data.Step=transfer Data.Version={=hand.version} Data.PersonId={clerk2} Data.Words=转办"),
        new("lead", "POST /api/v1/work-orders/{idAndVerb}", "idAndVerb={hand}:transfer personId={clerk} words=转办"),
        new("judge", "POST /api/v1/work-orders/{idAndVerb}", "idAndVerb={closed}:rate mark=5"),
        new("judge", "POST /api/v1/work-orders/{idAndVerb}", "idAndVerb={closed}:reopen words=再办"),
        new("judge", "POST /api/v1/work-orders/{idAndVerb}", "idAndVerb={hand}:close", Taken: 422),
        new("heir", "POST /orders?handler=Accept", "accept={taken} back=view=mine"),
        new("lead", "POST /batches/new", "Ids={order} Data.Step=comment Data.Words=催办", Answer.Own),
        new("lead", "POST /batches/new", "Ids={=order} Data.Step=transfer Data.Words=转办 Data.PersonId={clerk2}"),
        new("lead", "POST /api/v1/work-orders:batch", "step=comment orderIds={order} words=催办", Answer.Own),
        new("lead", "POST /api/v1/work-orders:batch", "step=transfer orderIds={=order} words=转办 personId={clerk2}"),
        new("lead", "POST /api/v1/work-orders:batch", "step=comment words=催办 filter=view=centre&assignee={clerk2}", Taken: 422),
        new("lead", "POST /batches/{id:long}?handler=Cancel", "id={batch}", Taken: 422),
        new("lead", "POST /api/v1/batches/{id:long}:cancel", "id={batch}", Taken: 422),
        new("lead", "POST /orders/dispatch?handler=Skills", "Centre=service person={clerk} skills=朝鲜语"),
        new("clerk", "POST /orders/phrases", "Data.Id={phrase} Data.Step=return Data.Words=请补正"),
        new("clerk", "POST /api/v1/phrases", "id={phrase} step=return words=请补齐"),
        new("clerk", "POST /orders/phrases?handler=Delete", "id={phrase}"),
        new("clerk", "DELETE /api/v1/phrases/{id:long}", "id={phrase}", Taken: 404),
        new("clerk", "POST /orders/views?handler=Delete", "id={view}"),
        new("judge", "POST /notices?handler=Open", "id={bell} to=/", Answer.Nothing),

        // rules
        new("leader", "GET /settings", "Court={court}"),
        new("leader", "GET /settings", "q={number}", Answer.Nothing),
        new("leader", "GET /settings/{key}", "key=service.no-reply Court={court}"),
        new("leader", "GET /settings/{key}", "key=service.no-reply run={run}"),
        new("leader", "GET /settings/{key}/compare", "key=service.no-reply Court={court}"),
        new("leader", "GET /settings/files?handler=Export", "Court={court}"),
        new("leader", "GET /settings/runs/{id:long}", "id={run}"),
        new("leader", "GET /settings/runs/{id:long}", "id={=run} Court={court}", Answer.Nothing),
        new("leader", "POST /settings/runs/{id:long}", "id={run}", Taken: 422),
        new("leader", "POST /settings/{key}", "key=workzone.order.cataloguing.scan Court={court} form=1 v.TargetHours=5 v.Points=1 v.ManualMinutes=3 do=save seen=0 days=90 accepted=true reason=本院情况"),
        new("leader", "POST /settings/{key}?handler=Back", "key=workzone.order.triage.check-filing Court={court} seen=1 version=1 reason=恢复", Taken: 422),
        new("leader", "POST /settings/{key}?handler=Inherit", "key=workzone.order.triage.check-filing Court={court} seen=1 reason=沿用"),
        new("leader", "POST /settings/{key}?handler=Withdraw", "key=workzone.order.service.serve id={rule.waiting}"),
        new("leader", "POST /api/v1/settings/versions/{versionId:long}/withdraw", "versionId={rule.waiting}", Taken: 422),
        new("leader", "POST /settings/pending", "id={rule.asked} confirm=true"),
        new("leader", "POST /settings/{key}?handler=Decide", "key=service.no-reply id={rule.asked} confirm=true", Taken: 409),
        new("leader", "POST /api/v1/settings/versions/{versionId:long}/decide", "versionId={rule.asked} confirm=true", Taken: 409),
        new("leader", "POST /settings/files", "Court={court} json={\"format\":1,\"settings\":{}} reason=统一"),
        new("leader", "GET /api/v1/settings", "court={court}"),
        new("leader", "GET /api/v1/settings", "q={number}", Answer.Nothing),
        new("leader", "GET /api/v1/settings/{key}", "key=service.no-reply court={court}"),
        new("leader", "GET /api/v1/settings/file", "court={court}"),
        new("leader", "GET /api/v1/settings/dry-runs/{runId:long}", "runId={run}"),
        new("leader", "GET /api/v1/settings/dry-runs/{runId:long}", "runId={=run} court={court}", Answer.Nothing),
        new("leader", "POST /api/v1/settings/{key}", "key=workzone.order.service.serve courtId={court} values.TargetHours=6 seen=1 reason=本院情况"),
        new("leader", "POST /api/v1/settings/{key}/dry-runs", "key=service.no-reply courtId={court} values.Days=4 days=30"),

        // people and rights
        new("leader", "POST /absences", "Data.Login={judge.login} Data.From=2026-12-01 Data.Until=2026-12-02 Data.Deputy={heir.login} Data.Reason=休假"),
        new("leader", "POST /api/v1/absences", "login={clerk.login} from=2026-12-01 until=2026-12-02 deputy={clerk2.login} reason=休假"),
        new("leader", "POST /absences?handler=Cancel", "id={absence}"),
        new("leader", "POST /absences?handler=Confirm", "id={deputed}"),
        new("leader", "DELETE /api/v1/absences/{absenceId:long}", "absenceId={absence}", Taken: 404),
        new("sysadmin", "POST /courts/{id:long}", "id={court} Unit={=unit} Data.Id={unit} Data.Version=1 Data.Kind=trial-team Data.Name={=place}合议庭 Data.Head={judge.login} Data.Active=true"),
        new("sysadmin", "POST /courts/{id:long}", "id={court} Data.Kind=division Data.Name=新庭 Data.Active=true"),
        new("sysadmin", "POST /courts/{id:long}?handler=Court", "id={court} Court.Version={=court.version} Court.Code={=court.code} Court.Name={=court.name}"),
        new("sysadmin", "POST /people/edit/{id:long?}", "id={gone} Data.Version={=gone.version} Data.Login={=gone.login} Data.Name=改名 Data.Court={court.code} Data.RoleCodes=clerk:trial Data.Active=true Data.Reason=登记"),
        new("sysadmin", "POST /people/{id:long}/handover", "id={leaving} Data.OrdersTo={heir} Data.AskedTo={heir} Data.CasesTo={heir} Data.Reason=调离"),
        new("sysadmin", "POST /people/{id:long}?handler=Password", "id={gone} reason=遗忘"),
        new("secadmin", "POST /people/{id:long}?handler=Roles", "id={assistant} Ask.Code=clerk:trial Ask.CourtId={court} Ask.Reason=轮岗"),
        new("secadmin", "POST /people/{id:long}?handler=Take", "id={gone} code=clerk:trial courtId={court}"),
        new("secadmin", "POST /people/{id:long}?handler=Unlock", "id={clerk}"),
        new("secadmin", "POST /rights?handler=Decide", "id={asked} version=1 confirm=true"),
        new("leader", "POST /rights?handler=Decide", "id={unseal} version=1 confirm=true"),
        new("secadmin", "POST /rights?handler=Withdraw", "id={withdrawn}"),
        new("secadmin", "POST /rights/matrix", "Court={court} m:judge|workzone.orders.export=no reason=收紧"),
        new("secadmin", "POST /keys?handler=Ask", "Ask.Login={clerk2.login} Ask.CourtCode={court.code} Ask.Purpose=对接 Ask.PerMinute=60 Ask.Days=30 Ask.Reason=对接"),
        new("secadmin", "POST /keys?handler=Collect", "id={ready}"),
        new("secadmin", "POST /keys?handler=Rotate", "id={key}"),
        new("secadmin", "POST /keys?handler=Revoke", "id={key}"),
        new("secadmin", "POST /sessions", "id={session}"),
        new("judge", "POST /account?handler=End", "id={session}", Taken: 404),
        new("lead", "POST /account?handler=Court", "courtId={court}"),
        new("sysadmin", "POST /operations?handler=Retry", "reaction=stuck key=case:{case}", Taken: 422),
        new("sysadmin", "POST /operations?handler=Skip", "reaction=stuck key=case:{case} reason=无用", Taken: 422),
        new("sysadmin", "POST /operations?handler=Again", "id={work} reason=再做", Taken: 422),
        new("auditor", "POST /audit", "Log=audit Person={judge.login} Number={number} ObjectType=case ObjectId={case} Reason=例行检查", Answer.Nothing),
        new("auditor", "POST /audit/alarms", "id={alarm} reason=核查属实"),
    ];

    /// <summary>Texts that name nobody and nothing of a court.</summary>
    public static IReadOnlySet<string> Plain { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "Words", "Reason", "Note", "Name", "Title", "Kind", "Centre", "Division", "Team", "Post", "RoleCodes", "Step", "Back", "Next", "To", "Email", "Phone", "IdNumber", "Consent", "Source", "Drop", "Field", "Volume", "Purpose", "Only",
        "Reach", "Query", "Shared", "Strategy", "Skills", "State", "Outcome", "Sort", "Type", "Log", "Category", "Activity", "Result", "ObjectType", "Try", "View", "Due", "Text", "Pace", "Code", "Tail", "Problem", "Form", "SecondFactor",
        "Reaction",
        // hearings
        "By", "Attendance", "Ground", "Approved", "Session", "Waived", "Features",
        // rules: their keys are the program's, a file of them names no court's ids
        "Key", "Act", "Do", "Json", "Decision",
        // marks from which a list goes on, sizes
        "After", "Before", "DecidedBefore", "Cases", "Orders", "Offset", "Size", "Unit", "Event", "Detail", "Open",
    };

    /// <summary>Ways in that belong to no court: the account itself, the first run, calculators, what is asked of the whole house.</summary>
    public static IReadOnlyList<string> OfNoCourt { get; } = ["/account", "/first-run", "/second-factor", "/sign-in", "/sign-in/with/{name}", "/sign-in/back/{name}", "/calculate/{name}", "/api/v1/calculate/{name}", "/openapi/{documentName}.json", "/uploads", "/hearings/door/{roomId:long}"];

    /// <summary>Names that are unique in the whole house, and who takes one that is there is told so; a queue's address that is only kept.</summary>
    public static IReadOnlyList<string> NoNames { get; } = ["GET /orders/views q", "POST /people/edit/{id:long?} Data.Login", "POST /courts Code", "POST /courts/{id:long}?handler=Court Court.Code"];
}
