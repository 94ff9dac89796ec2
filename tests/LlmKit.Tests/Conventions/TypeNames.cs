using System.Reflection;

namespace LlmKit.Tests.Conventions;

/// <summary>Names types and methods as C# does.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    public static string Of(Type type)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!);
        if (type.IsArray)
            return Of(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying)
            return Of(underlying) + "?";
        if (Keywords.TryGetValue(type, out var keyword))
            return keyword;
        return type.IsGenericType ? Generic(type, type.GetGenericArguments().Select(Of)) : type.Name;
    }

    /// <summary>Names a type with question marks where it may be null.</summary>
    public static string Of(NullabilityInfo info)
    {
        var type = info.Type.IsByRef ? info.Type.GetElementType()! : info.Type;
        var isNullable = info.ReadState == NullabilityState.Nullable || (info.ReadState == NullabilityState.Unknown && info.WriteState == NullabilityState.Nullable);
        var mark = isNullable && !type.IsValueType ? "?" : "";
        if (info.ElementType is { } element)
            return Of(element) + "[]" + mark;
        return type.IsGenericType && Nullable.GetUnderlyingType(type) is null && info.GenericTypeArguments.Length > 0
            ? Generic(type, info.GenericTypeArguments.Select(Of)) + mark
            : Of(type) + mark;
    }

    public static string OfMethod(MethodInfo method) => method.Name.StartsWith("op_", StringComparison.Ordinal) ? $"operator {method.Name[3..]}"
        : method.IsGenericMethod ? $"{method.Name}<{string.Join(", ", method.GetGenericArguments().Select(Of))}>"
        : method.Name;

    private static string Generic(Type type, IEnumerable<string> arguments)
    {
        var names = string.Join(", ", arguments);
        return type.Name.StartsWith("ValueTuple`", StringComparison.Ordinal) ? $"({names})" : $"{type.Name.Split('`')[0]}<{names}>";
    }
}
