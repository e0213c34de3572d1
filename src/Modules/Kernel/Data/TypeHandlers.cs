using System.Diagnostics.CodeAnalysis;
using Dapper;

namespace CourtOps.Kernel.Data;

/// <summary>Instants are UTC in one fixed text form on SQLite; legal dates are dates on both.</summary>
internal static class TypeHandlers
{
    [SuppressMessage("Performance", "CA1822", Justification = "called once")]
    public static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(typeof(DateTimeOffset), new Typed(new Instant(), System.Data.DbType.DateTimeOffset));
        SqlMapper.AddTypeHandler(typeof(DateOnly), new Typed(new Day(), System.Data.DbType.Date));
    }

    // a null has a type too: without, the driver sends it as text, which no column of times takes
    internal sealed class Typed(SqlMapper.ITypeHandler of, System.Data.DbType type) : SqlMapper.ITypeHandler
    {
        public object? Parse(Type destinationType, object value) => of.Parse(destinationType, value);

        public void SetValue(System.Data.IDbDataParameter parameter, object value)
        {
            if (value is null or DBNull)
            {
                if (parameter is not Microsoft.Data.Sqlite.SqliteParameter)
                    parameter.DbType = type;
                parameter.Value = DBNull.Value;
                return;
            }
            of.SetValue(parameter, value);
        }
    }

    internal sealed class Instant : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) =>
            value switch
            {
                DateTimeOffset o => o,
                DateTime d => new DateTimeOffset(DateTime.SpecifyKind(d, DateTimeKind.Utc)),
                string { Length: 24 } s => Read(s),
                string s => DateTimeOffset.Parse(s, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal),
                _ => throw new InvalidCastException($"No instant: {value}"),
            };

        // 2026-11-22T01:38:53.123Z, as written below
        private static DateTimeOffset Read(string s)
        {
            static int N(string s, int at, int count)
            {
                var n = 0;
                for (var i = at; i < at + count; i++)
                    n = (n * 10) + (s[i] - '0');
                return n;
            }
            return new DateTimeOffset(N(s, 0, 4), N(s, 5, 2), N(s, 8, 2), N(s, 11, 2), N(s, 14, 2), N(s, 17, 2), N(s, 20, 3), TimeSpan.Zero);
        }

        // One fixed form, so that text order is time order on SQLite.
        public override void SetValue(System.Data.IDbDataParameter parameter, DateTimeOffset value)
        {
            if (parameter is Microsoft.Data.Sqlite.SqliteParameter)
                parameter.Value = value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture);
            else
            {
                // cut to what a column holds, as on SQLite; the server would round
                parameter.DbType = System.Data.DbType.DateTimeOffset;
                parameter.Value = value.ToUniversalTime().AddTicks(-(value.Ticks % TimeSpan.TicksPerMillisecond));
            }
        }
    }

    internal sealed class Day : SqlMapper.TypeHandler<DateOnly>
    {
        public override DateOnly Parse(object value) =>
            value switch
            {
                DateOnly d => d,
                DateTime t => DateOnly.FromDateTime(t),
                string s => DateOnly.ParseExact(s.Length > 10 ? s[..10] : s, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                _ => throw new InvalidCastException($"No date: {value}"),
            };

        public override void SetValue(System.Data.IDbDataParameter parameter, DateOnly value)
        {
            if (parameter is Microsoft.Data.Sqlite.SqliteParameter)
            {
                parameter.Value = value.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
                return;
            }
            parameter.DbType = System.Data.DbType.Date;
            parameter.Value = value.ToDateTime(TimeOnly.MinValue);
        }
    }
}
