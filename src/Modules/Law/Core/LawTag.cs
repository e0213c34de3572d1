namespace CourtOps.Law;

/// <summary>How well a rule is known. Only <see cref="T"/> may be presented to users as law.</summary>
public enum LawTag
{
    /// <summary>The text of the article was read.</summary>
    T,

    /// <summary>Only an excerpt of the document was read.</summary>
    X,

    /// <summary>Practice of a local court or a public system; not law.</summary>
    C,

    /// <summary>Common knowledge; the text was not read. A default.</summary>
    K,

    /// <summary>A default of this product without a binding number behind it.</summary>
    P,
}
