using CourtOps.Contracts;
using CourtOps.Kernel.Audit;
using CourtOps.Kernel.Data;
using CourtOps.Kernel.Files;
using CourtOps.Kernel.Messaging;
using CourtOps.Kernel.Security;
using CourtOps.Kernel.Web;
using CourtOps.Triage.Filings;
using CourtOps.Workzone;
using CourtOps.Workzone.People;
using FluentValidation;

namespace CourtOps.Triage.Contacts;

/// <summary>A call, visit or letter becomes one contact with an answer due; for this court or for any other of the group.</summary>
[Permit("triage.work")]
[Audited("triage.contact.take")]
internal sealed record TakeContact : ICommand<TakeContact.Result>
{
    public string Service { get; init; } = "";

    /// <summary>counter, call or letter.</summary>
    public string Channel { get; init; } = "counter";

    /// <summary>Sign or name of the court that finishes it; blank for this one.</summary>
    public string Court { get; init; } = "";
    public string Person { get; init; } = "";
    public string Phone { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Words { get; init; } = "";

    /// <summary>Pages as whoever brings them says; material only.</summary>
    public int? DeclaredPages { get; init; }

    internal sealed record Result(long Id, string Number, DateOnly DueOn);

    internal sealed class Validator : AbstractValidator<TakeContact>
    {
        public Validator()
        {
            RuleFor(c => c.Service).Must(Services.Labels.ContainsKey).WithMessage("请选择办理的事项。");
            RuleFor(c => c.Channel).Must(c => c is "counter" or "call" or "letter").WithMessage("请选择来访方式。");
            RuleFor(c => c.Person).Must(p => PartyReading.Fold(p).Length is > 0 and <= 120).WithMessage("请填写来访人，最长 120 个字符。");
            RuleFor(c => c.Phone).Must(PartyReading.IsPhone).WithMessage("电话应为手机号或带区号的固定电话，只填数字。");
            RuleFor(c => c.CaseNumber).NotEmpty().When(c => Services.NeedsCase(c.Service)).WithMessage("这项服务要写明案号。").MaximumLength(80).WithMessage("案号最长 80 个字符。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明要办什么。").MaximumLength(2000).WithMessage("说明最长 2000 个字符。");
            RuleFor(c => c.DeclaredPages).InclusiveBetween(1, 100_000).When(c => c.DeclaredPages is not null).WithMessage("页数应为 1 至 100000。").NotNull().When(c => c.Service == "material").WithMessage("收转材料的，请写明提交人说的页数。");
        }
    }

    internal sealed class Handler(Actor actor, ICourts courts, ContactBook book, AuditTrail audit) : ICommandHandler<TakeContact, Result>
    {
        public async Task<Result> Handle(TakeContact request, CancellationToken cancellationToken)
        {
            var here = await courts.GetAsync(actor.CourtId, cancellationToken);
            var typed = PartyReading.Fold(request.Court);
            var there = typed.Length == 0 ? here : await courts.FindAsync(typed, cancellationToken) ?? throw new RuleBroken($"没有“{typed}”这个法院。", "Court");
            var (id, number, due) = await book.TakeAsync(
                new ContactAsked(request.Service, request.Channel, here, there, PartyReading.Fold(request.Person), PartyReading.Phone(request.Phone), PartyReading.Fold(request.CaseNumber), request.Words.Trim(), request.DeclaredPages, null), cancellationToken);
            audit.Note("contact", id, new { request.Service, request.Channel, to = there.Code });
            return new Result(id, number, due);
        }
    }
}

/// <summary>The court that finishes it signs for it.</summary>
[Permit("triage.work")]
[Audited("triage.contact.accept")]
internal sealed record AcceptContact : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    internal sealed class Handler(ContactBook book, Actor actor, AuditTrail audit) : CommandHandler<AcceptContact>
    {
        protected override async Task RunAsync(AcceptContact command, CancellationToken ct)
        {
            var k = await book.MineAsync(command.Id, command.Version, ct);
            await book.MoveAsync(k, "accept", new { k.Id, k.Version, now = book.Now, me = actor.Id, by = actor.Name }, "accepted_at = @now, accepted_by = @me, accepted_by_name = @by", ct);
            await book.NoteAsync(k.Id, "accept", "", null, ct);
            await book.ReleaseAsync(k.Id, ct);
            audit.Note("contact", k.Id);
        }
    }
}

/// <summary>It belongs to another court: passed on, and its day stays.</summary>
[Permit("triage.work")]
[Audited("triage.contact.pass")]
internal sealed record PassContact : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Court { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<PassContact>
    {
        public Validator()
        {
            RuleFor(c => c.Court).NotEmpty().WithMessage("请选择转交到哪个法院。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明为什么转交。").MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, ContactBook book, ICourts courts, AuditTrail audit) : CommandHandler<PassContact>
    {
        protected override async Task RunAsync(PassContact command, CancellationToken ct)
        {
            var k = await book.MineAsync(command.Id, command.Version, ct);
            var to = await courts.FindAsync(PartyReading.Fold(command.Court), ct) ?? throw new RuleBroken($"没有“{command.Court}”这个法院。", "Court");
            if (to.Id == k.ForCourtId)
                throw new RuleBroken("已经在这个法院办理。", "Court");
            var caseId = k.CaseNumber.Length == 0 ? null : await db.FirstAsync<long?>("SELECT id FROM workzone_case_card WHERE number = @CaseNumber AND court_id = @Id", new { k.CaseNumber, to.Id }, ct);
            await book.MoveAsync(k, "pass", new { k.Id, k.Version, court = to.Id, name = to.Name, caseId }, "for_court_id = @court, for_court_name = @name, case_id = @caseId, accepted_at = NULL, accepted_by = NULL, accepted_by_name = ''", ct);
            await book.NoteAsync(k.Id, "pass", $"{to.Name}：{command.Words.Trim()}", null, ct);
            await book.ReleaseAsync(k.Id, ct);
            audit.Note("contact", k.Id, new { to = to.Code }, null, command.Words);
        }
    }
}

/// <summary>The answer. Material is finished by its papers reaching the file, see <see cref="HandOver"/>.</summary>
[Permit("triage.work")]
[Audited("triage.contact.finish")]
internal sealed record FinishContact : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }
    public string Answer { get; init; } = "";

    internal sealed class Validator : AbstractValidator<FinishContact>
    {
        public Validator() => RuleFor(c => c.Answer).NotEmpty().WithMessage("请写明答复。").MaximumLength(4000).WithMessage("答复最长 4000 个字符。");
    }

    internal sealed class Handler(ContactBook book, AuditTrail audit) : CommandHandler<FinishContact>
    {
        protected override async Task RunAsync(FinishContact command, CancellationToken ct)
        {
            var k = await book.MineAsync(command.Id, command.Version, ct);
            if (k.Service == "material" && (await book.PapersAsync(k.Id, ct)).Any(p => p.DocumentId is null))
                throw new RuleBroken("材料还没有入卷，请先交接入卷。", code: "papers");
            await book.MoveAsync(k, "finish", new { k.Id, k.Version, now = book.Now, answer = command.Answer.Trim() }, "finished_at = @now, accepted_at = COALESCE(accepted_at, @now), answer = @answer", ct);
            await book.NoteAsync(k.Id, "finish", command.Answer.Trim(), null, ct);
            await book.ReleaseAsync(k.Id, ct);
            audit.Note("contact", k.Id);
        }
    }
}

/// <summary>The mark of satisfaction, as it was given at the desk or by phone; one or two opens it again.</summary>
[Permit("triage.work")]
[Audited("triage.contact.mark")]
internal sealed record MarkContact : ICommand
{
    public long Id { get; init; }

    /// <summary>One to five.</summary>
    public int? Mark { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<MarkContact>
    {
        public Validator()
        {
            RuleFor(c => c.Mark).NotNull().InclusiveBetween(1, 5).WithMessage("评价应为一至五分。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("评价最长 400 个字符。");
        }
    }

    internal sealed class Handler(ContactBook book, Marking marking, AuditTrail audit) : CommandHandler<MarkContact>
    {
        protected override async Task RunAsync(MarkContact command, CancellationToken ct)
        {
            var k = await book.GetAsync(command.Id, null, ct);
            await marking.MarkAsync(k, command.Mark!.Value, command.Words.Trim(), ct);
            audit.Note("contact", k.Id, new { command.Mark });
        }
    }
}

/// <summary>Keeps a mark; called inside a transaction.</summary>
internal sealed class Marking(ContactBook book)
{
    public async Task MarkAsync(Contact k, int mark, string words, CancellationToken ct)
    {
        await book.MoveAsync(k, "mark", new { k.Id, k.Version, mark, words, now = book.Now }, "mark = @mark, mark_words = @words, marked_at = @now", ct);
        await book.NoteAsync(k.Id, "mark", $"{mark} 分。{words}".Trim(), null, ct);
        if (mark > 2)
            return;
        await book.MoveAsync(k, "reopen", new { k.Id, Version = k.Version + 1 }, "finished_at = NULL", ct);
        await book.NoteAsync(k.Id, "reopen", words, null, ct);
        await book.ReleaseAsync(k.Id, ct);
    }
}

/// <summary>A paper to be passed on: its pages are counted.</summary>
[Permit("triage.work")]
[Audited("triage.contact.paper")]
internal sealed record AddContactPaper : ICommand<long>
{
    public long ContactId { get; init; }
    public string Title { get; init; } = "";
    public Blob Blob { get; init; } = new("", 0);
    public int? Pages { get; init; }
    public string? UploadId { get; init; }

    internal sealed class Validator : AbstractValidator<AddContactPaper>
    {
        public Validator() => RuleFor(c => c.Title).NotEmpty().WithMessage("请填写材料名称。").MaximumLength(200).WithMessage("材料名称最长 200 个字符。");
    }

    internal sealed class Handler(Db db, Ids ids, ContactBook book, BlobStore blobs, Uploads uploads, AuditTrail audit) : ICommandHandler<AddContactPaper, long>
    {
        public async Task<long> Handle(AddContactPaper request, CancellationToken cancellationToken)
        {
            var k = await book.GetAsync(request.ContactId, null, cancellationToken);
            if (k.Service != "material")
                throw new RuleBroken("只有材料收转才上传材料。", "File");
            if (k.State == "done")
                throw new RuleBroken("这件已经答复，请另开一件。", "File");
            if ((await book.PapersAsync(k.Id, cancellationToken)).Any(p => p.Blob == request.Blob.Sha256))
                throw new RuleBroken("这份材料已经收过，内容完全相同。", "File", "same-content");
            await blobs.KeepAsync(request.Blob, cancellationToken);
            var id = ids.Next();
            await db.ExecuteAsync("INSERT INTO triage_contact_paper (id, contact_id, title, blob, size, pages, added_at) VALUES (@id, @contact, @title, @Sha256, @Size, @Pages, @now)",
                new { id, contact = k.Id, title = request.Title.Trim(), request.Blob.Sha256, request.Blob.Size, request.Pages, now = book.Now }, cancellationToken);
            if (!string.IsNullOrEmpty(request.UploadId))
                await uploads.TakeAsync(request.UploadId, cancellationToken);
            await book.NoteAsync(k.Id, "paper", request.Title.Trim(), request.Pages, cancellationToken);
            audit.Note("contact", k.Id, new { request.Blob.Sha256, request.Pages });
            return id;
        }
    }
}

/// <summary>
/// One link of the chain: who gave how many pages to whom. The last one is the file of the case: the papers become its documents, and everybody hears of it. Another number of pages than was counted needs a reason.
/// </summary>
[Permit("triage.work")]
[Audited("triage.contact.hand")]
internal sealed record HandOver : ICommand
{
    public long Id { get; init; }
    public int? Version { get; init; }

    /// <summary>To whom; blank with <see cref="IntoFile"/>.</summary>
    public string To { get; init; } = "";
    public int? Pages { get; init; }
    public string Words { get; init; } = "";

    /// <summary>Into the e-file of the case.</summary>
    public bool IntoFile { get; init; }

    internal sealed class Validator : AbstractValidator<HandOver>
    {
        public Validator()
        {
            RuleFor(c => c.To).NotEmpty().When(c => !c.IntoFile).WithMessage("请填写交给谁。").MaximumLength(60).WithMessage("姓名最长 60 个字符。");
            RuleFor(c => c.Pages).NotNull().WithMessage("请填写清点的页数。").InclusiveBetween(1, 100_000).WithMessage("页数应为 1 至 100000。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("说明最长 400 个字符。");
        }
    }

    internal sealed class Handler(ContactBook book, Outbox outbox, AuditTrail audit) : CommandHandler<HandOver>
    {
        protected override async Task RunAsync(HandOver command, CancellationToken ct)
        {
            var k = command.IntoFile ? await book.MineAsync(command.Id, command.Version, ct) : await book.GetAsync(command.Id, command.Version, ct);
            if (k.Service != "material" || k.State == "done")
                throw new RuleBroken("这件没有要交接的材料。", code: "state");
            var papers = await book.PapersAsync(k.Id, ct);
            if (papers.Count == 0)
                throw new RuleBroken("还没有上传材料。", "File", "no-papers");
            var counted = papers.All(p => p.Pages is not null) ? papers.Sum(p => p.Pages!.Value) : k.DeclaredPages;
            if (counted is { } n && n != command.Pages && string.IsNullOrWhiteSpace(command.Words))
                throw new RuleBroken($"收下时清点为 {n} 页，现在是 {command.Pages} 页，请写明差异的原因。", "Words", "pages");
            if (command.IntoFile && k.CaseId is null)
                throw new RuleBroken($"本院没有案号 {k.CaseNumber} 的案件，请核对案号或者转交有关法院。", "CaseNumber", "no-case");
            await book.MoveAsync(k, "note", new { k.Id, k.Version }, "", ct);
            await book.NoteAsync(k.Id, "hand", command.IntoFile ? $"入卷 {k.CaseNumber}。{command.Words.Trim()}".TrimEnd('。') : $"{command.To.Trim()}。{command.Words.Trim()}".TrimEnd('。'), command.Pages, ct);
            if (command.IntoFile)
                await outbox.AddAsync(Catalogue.CaseKey(k.CaseId!.Value), new MaterialHandedOver { ContactId = k.Id, CaseId = k.CaseId.Value, At = book.Now }, ct);
            audit.Note("contact", k.Id, new { command.Pages, command.IntoFile }, k.CaseId, command.Words.Length > 0 ? command.Words : null);
        }
    }
}

/// <summary>Who is on duty (值班主任) on the days of a span.</summary>
[Permit("triage.duty")]
[Audited("triage.duty.save")]
internal sealed record SaveDuty : ICommand
{
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }
    public string Person { get; init; } = "";
    public string Phone { get; init; } = "";

    internal sealed class Validator : AbstractValidator<SaveDuty>
    {
        public Validator()
        {
            RuleFor(c => c.From).NotNull().WithMessage("请填写起日。");
            RuleFor(c => c).Must(c => c.Until is null || (c.Until >= c.From && c.Until <= c.From?.AddDays(62))).WithName("Until").WithMessage("止日不早于起日，一次最多排两个月。");
            RuleFor(c => c.Person).NotEmpty().WithMessage("请选择值班的人。");
            RuleFor(c => c.Phone).Must(PartyReading.IsPhone).WithMessage("电话应为手机号或带区号的固定电话，只填数字。");
        }
    }

    internal sealed class Handler(Db db, Actor actor, IPeople people, AuditTrail audit) : CommandHandler<SaveDuty>
    {
        protected override async Task RunAsync(SaveDuty command, CancellationToken ct)
        {
            if (command.From is { Year: < 2000 or > 2100 })
                throw new RuleBroken("日期应在 2000 年至 2100 年之间。", "From");
            var person = (await people.WithRolesAsync(actor.CourtId, ["leader", "lead:triage", "clerk:triage", "judge"], ct)).FirstOrDefault(p => p.Login == command.Person || p.Name == command.Person) ?? throw new RuleBroken("本院没有这个人，或者他不能值班。", "Person");
            var away = await people.AwayAsync([person.Id], command.From!.Value, command.Until ?? command.From.Value, ct);
            if (away.Count > 0)
                throw new RuleBroken($"{person.Name} 在 {Times.Iso(away[0].FromOn)} 至 {Times.Iso(away[0].UntilOn)} 请假，请另选。", "Person", "away");
            for (var day = command.From.Value; day <= (command.Until ?? command.From.Value); day = day.AddDays(1))
            {
                var args = new { court = actor.CourtId, day, person.Id, person.Name, phone = PartyReading.Phone(command.Phone) };
                if (await db.ExecuteAsync("UPDATE triage_duty SET person_id = @Id, person_name = @Name, phone = @phone WHERE court_id = @court AND on_day = @day", args, ct) == 0)
                    await db.ExecuteAsync("INSERT INTO triage_duty (court_id, on_day, person_id, person_name, phone) VALUES (@court, @day, @Id, @Name, @phone)", args, ct);
            }
            audit.Note("court", actor.CourtId, new { command.From, command.Until, person.Name });
        }
    }
}

/// <summary>Somebody asks the desk over the web.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.contact.web")]
internal sealed record AskByWeb : ICommand<string>
{
    public string Court { get; init; } = "";
    public string Service { get; init; } = "";
    public string Person { get; init; } = "";
    public string Phone { get; init; } = "";
    public string CaseNumber { get; init; } = "";
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<AskByWeb>
    {
        public Validator()
        {
            RuleFor(c => c.Court).NotEmpty().WithMessage("请选择法院。");
            RuleFor(c => c.Service).Must(s => Services.Labels.ContainsKey(s) && s != "material").WithMessage("请选择办理的事项。");
            RuleFor(c => c.Person).Must(p => PartyReading.Fold(p).Length is > 0 and <= 120).WithMessage("请填写姓名，最长 60 个字。");
            RuleFor(c => c.Phone).Must(p => PartyReading.Phone(p).Length > 0 && PartyReading.IsPhone(p)).WithMessage("请填写能接到的电话。");
            RuleFor(c => c.CaseNumber).NotEmpty().When(c => Services.NeedsCase(c.Service)).WithMessage("这项服务要写明案号。").MaximumLength(80).WithMessage("案号最长 80 个字符。");
            RuleFor(c => c.Words).NotEmpty().WithMessage("请写明要办什么。").MaximumLength(2000).WithMessage("说明最长 2000 个字符。");
        }
    }

    internal sealed class Handler(Db db, Ids ids, ICourts courts, Secrets secrets, TimeProvider clock, Outbox outbox, AuditTrail audit) : ICommandHandler<AskByWeb, string>
    {
        public async Task<string> Handle(AskByWeb request, CancellationToken cancellationToken)
        {
            var court = await courts.FindAsync(PartyReading.Fold(request.Court), cancellationToken) ?? throw new RuleBroken("没有这个法院。", "Court");
            var token = Secrets.NewToken();
            var id = ids.Next();
            var now = clock.StoredNow();
            await db.ExecuteAsync(
                """
                INSERT INTO triage_public_contact (id, token_digest, court_id, court_name, service, person, phone_enc, case_number, words_enc, number, stage, answer, mark_words, asked_at, expires_at)
                VALUES (@id, @digest, @CourtId, @CourtName, @Service, @person, @phone, @number, @words, '', 'open', '', '', @now, @until)
                """,
                new
                {
                    id, digest = Secrets.Digest(token), CourtId = court.Id, CourtName = court.Name, request.Service, person = PartyReading.Fold(request.Person), phone = secrets.Protect(PartyReading.Phone(request.Phone)),
                    number = PartyReading.Fold(request.CaseNumber), words = secrets.Protect(request.Words), now, until = now.AddYears(1),
                }, cancellationToken);
            await outbox.AddAsync($"contact:{id}", new ContactHandedIn { PublicId = id, Act = "asked", At = now }, cancellationToken);
            audit.Note("public-contact", id, new { request.Service, court = court.Code });
            return token;
        }
    }
}

/// <summary>A contact as its own page shows it.</summary>
internal sealed record PublicContact
{
    public long Id { get; init; }
    public string TokenDigest { get; init; } = "";
    public string CourtName { get; init; } = "";
    public string Service { get; init; } = "";
    public string Number { get; init; } = "";
    public DateOnly? DueOn { get; init; }
    public string State { get; init; } = "";
    public string Answer { get; init; } = "";
    public int? Mark { get; init; }
    public DateTimeOffset AskedAt { get; init; }
    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Finds a contact by its link.</summary>
[Permit(PermitAttribute.Anyone)]
internal sealed record FindContact : IQuery<PublicContact>
{
    public string Token { get; init; } = "";

    internal sealed class Handler(Db db, TimeProvider clock, Kernel.Access.AccessLog reads) : IQueryHandler<FindContact, PublicContact>
    {
        public async Task<PublicContact> Handle(FindContact request, CancellationToken cancellationToken)
        {
            var digest = Secrets.Digest(request.Token);
            var found = request.Token.Length == 32
                ? await db.FirstAsync<PublicContact>("SELECT id, token_digest, court_name, service, number, due_on, stage AS state, answer, mark, asked_at, expires_at FROM triage_public_contact WHERE token_digest = @digest", new { digest }, cancellationToken) : null;
            if (found is null || !Secrets.Same(found.TokenDigest, digest) || found.ExpiresAt < clock.GetUtcNow())
                throw new NotFound("来访事项");
            reads.Note("triage.contact.view", "public-contact", found.Id);
            return found;
        }
    }
}

/// <summary>The mark over the link.</summary>
[Permit(PermitAttribute.Anyone)]
[Audited("triage.contact.web-mark")]
internal sealed record MarkByWeb : ICommand
{
    public string Token { get; init; } = "";
    public int? Mark { get; init; }
    public string Words { get; init; } = "";

    internal sealed class Validator : AbstractValidator<MarkByWeb>
    {
        public Validator()
        {
            RuleFor(c => c.Mark).NotNull().InclusiveBetween(1, 5).WithMessage("评价应为一至五分。");
            RuleFor(c => c.Words).MaximumLength(400).WithMessage("评价最长 400 个字符。");
        }
    }

    internal sealed class Handler(Db db, TimeProvider clock, Outbox outbox, AuditTrail audit) : CommandHandler<MarkByWeb>
    {
        protected override async Task RunAsync(MarkByWeb command, CancellationToken ct)
        {
            var digest = Secrets.Digest(command.Token);
            var id = command.Token.Length == 32 ? await db.FirstAsync<long?>("SELECT id FROM triage_public_contact WHERE token_digest = @digest AND expires_at > @now", new { digest, now = clock.GetUtcNow() }, ct) : null;
            if (id is null)
                throw new NotFound("来访事项");
            if (await db.ExecuteAsync("UPDATE triage_public_contact SET mark = @Mark, mark_words = @words WHERE id = @id AND stage = 'done' AND mark IS NULL", new { id, command.Mark, words = command.Words.Trim() }, ct) == 0)
                throw new RuleBroken("答复之后才能评价，一次为限。", "Mark");
            await outbox.AddAsync($"contact:{id}", new ContactHandedIn { PublicId = id.Value, Act = "marked", At = clock.StoredNow() }, ct);
            audit.Note("public-contact", id, new { command.Mark });
        }
    }
}
