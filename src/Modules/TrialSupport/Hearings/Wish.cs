using CourtOps.Workzone.Cases;
using CourtOps.Workzone.People;

namespace CourtOps.TrialSupport.Hearings;

/// <summary>What is asked for when a hearing is looked for.</summary>
internal sealed record Wish
{
    public long CaseId { get; init; }
    public int Minutes { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? Until { get; init; }
    public bool Online { get; init; }
    public int Size { get; init; }
    public IReadOnlyList<string> Features { get; init; } = [];
    public IReadOnlyList<long> Panel { get; init; } = [];
    public long? ClerkId { get; init; }

    /// <summary>The language an interpreter is needed for; blank: none is.</summary>
    public string Language { get; init; } = "";

    /// <summary>The interpreter who is booked already: asked first when the hearing is moved.</summary>
    public Attendee? Interpreter { get; init; }

    /// <summary>Somebody is brought from custody.</summary>
    public bool Escort { get; init; }

    /// <summary>Assessors who were drawn: they come along when the hearing is moved.</summary>
    public IReadOnlyList<Attendee> Assessors { get; init; } = [];

    /// <summary>Assessors are to sit, drawn or not yet.</summary>
    public bool WithAssessors { get; init; }

    /// <summary>What of the record shows that the parties gave up their periods and the notice; blank: they did not.</summary>
    public string Waived { get; init; } = "";

    /// <summary>A hearing that is moved: its own bookings do not count.</summary>
    public long? Besides { get; init; }
}

/// <summary>A wish with everything about it read.</summary>
internal sealed record Looked(
    CaseCard Case,
    IReadOnlyList<PartyContact> Parties,
    IReadOnlyList<Attendee> People,
    FitAsk Ask,
    IReadOnlyList<PersonCard> Judges,
    IReadOnlyList<PersonCard> Clerks
)
{
    /// <summary>Judges of the panel the case has in the register, beside its judge; empty where none was formed.</summary>
    public IReadOnlyList<Sitting> Registered { get; init; } = [];

    /// <summary>Everybody of the hearing at a time that was found, the interpreter of that time included.</summary>
    public IReadOnlyList<Attendee> With(FitPerson? interpreter) =>
        interpreter is null ? People : [.. People, new Attendee(interpreter.Resource, "interpreter", null, interpreter.Name)];
}
