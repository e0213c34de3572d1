namespace CourtOps.Law;

/// <summary>Language of the texts that Law renders.</summary>
public enum LawLanguage
{
    Chinese,
    English,
}
