namespace Microsoft.SqlServer.Server;

/// <summary>How a user-defined type is serialised. SqlClient loads this for every parameterised command.</summary>
public enum Format
{
    Unknown = 0,
    Native = 1,
    UserDefined = 2,
}

/// <summary>Custom serialisation of a user-defined type; CourtOps has none.</summary>
public interface IBinarySerialize
{
    void Read(BinaryReader r);

    void Write(BinaryWriter w);
}

/// <summary>Raised for a malformed user-defined type; CourtOps has none.</summary>
public sealed class InvalidUdtException : SystemException
{
    internal InvalidUdtException(string message) : base(message)
    {
    }
}

/// <summary>Marks a CLR type as a user-defined type of SQL Server; CourtOps has none.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = false, Inherited = false)]
public sealed class SqlUserDefinedTypeAttribute(Format format) : Attribute
{
    public Format Format { get; } = format;

    public int MaxByteSize { get; set; }

    public bool IsFixedLength { get; set; }

    public bool IsByteOrdered { get; set; }

    public string? ValidationMethodName { get; set; }

    public string? Name { get; set; }
}
