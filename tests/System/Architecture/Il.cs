using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;

namespace CourtOps.SystemTests.Architecture;

/// <summary>What the compiled code of a type uses: methods, types of fields and parameters; closures and state machines included.</summary>
public static class Il
{
    public const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<ushort, OpCode> Codes = typeof(OpCodes)
        .GetFields()
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToDictionary(c => (ushort)c.Value);

    public static IEnumerable<MemberInfo> Uses(Type type)
    {
        foreach (var field in type.GetFields(Own))
            yield return field.FieldType;
        foreach (var constructor in type.GetConstructors(Own))
        foreach (var parameter in constructor.GetParameters())
            yield return parameter.ParameterType;
        foreach (var method in type.GetMethods(Own).Cast<MethodBase>().Concat(type.GetConstructors(Own)))
        foreach (var used in Body(method))
            yield return used;
        foreach (var nested in type.GetNestedTypes(BindingFlags.NonPublic).Where(n => n.IsDefined(typeof(CompilerGeneratedAttribute))))
        foreach (var used in Uses(nested))
            yield return used;
    }

    public static IEnumerable<MemberInfo> Uses(MethodBase method) =>
        method.GetCustomAttribute<StateMachineAttribute>() is { } machine ? Body(method).Concat(Uses(machine.StateMachineType)) : Body(method);

    private static IEnumerable<MemberInfo> Body(MethodBase method)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var types = method.DeclaringType is { IsGenericType: true } t ? t.GetGenericArguments() : null;
        var arguments = method is MethodInfo { IsGenericMethod: true } ? method.GetGenericArguments() : null;
        for (var i = 0; i < il.Length; )
        {
            ushort value = il[i++];
            if (value == 0xFE)
                value = (ushort)((0xFE << 8) | il[i++]);
            var code = Codes[value];
            switch (code.OperandType)
            {
                case OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineField:
                    if (method.Module.ResolveMember(BitConverter.ToInt32(il, i), types, arguments) is { } member)
                        yield return member;
                    i += 4;
                    break;
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    i++;
                    break;
                case OperandType.InlineVar:
                    i += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    i += 8;
                    break;
                case OperandType.InlineSwitch:
                    i += 4 + (4 * BitConverter.ToInt32(il, i));
                    break;
                default:
                    i += 4;
                    break;
            }
        }
    }
}
