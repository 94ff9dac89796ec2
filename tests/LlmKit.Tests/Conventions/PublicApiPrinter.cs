using System.Reflection;
using System.Text;

namespace LlmKit.Tests.Conventions;

/// <summary>Prints the public surface of an assembly so that it reads as C#.</summary>
internal sealed class PublicApiPrinter
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What the compiler adds to every record is not written by anybody.
    private static readonly HashSet<string> Synthesised = ["Equals", "GetHashCode", "ToString", "Deconstruct", "PrintMembers", "<Clone>$", "op_Equality", "op_Inequality", "EqualityContract"];

    private readonly StringBuilder _text = new();

    public static string Print(Assembly assembly)
    {
        var printer = new PublicApiPrinter();
        foreach (var types in assembly.GetExportedTypes().GroupBy(type => type.Namespace).OrderBy(types => types.Key, StringComparer.Ordinal))
            printer.PrintNamespace(types.Key!, types.Where(type => !type.IsNested));
        return printer._text.ToString().TrimEnd() + "\n";
    }

    private void PrintNamespace(string name, IEnumerable<Type> types)
    {
        _text.Append("namespace ").Append(name).Append("\n{\n");
        foreach (var type in types.OrderBy(type => TypeNames.Of(type), StringComparer.Ordinal))
            PrintType(type);
        _text.Append("}\n\n");
    }

    private void PrintType(Type type)
    {
        _text.Append("    public ").Append(Head(type));
        if (type.IsEnum)
        {
            _text.Append(" { ").AppendJoin(", ", Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), null)}")).Append(" }\n");
            return;
        }

        _text.Append("\n    {\n");
        foreach (var line in Members(type))
            _text.Append("        ").Append(line).Append('\n');
        _text.Append("    }\n");
    }

    private static string Head(Type type)
    {
        var isRecord = type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", Declared) is not null);
        var kind = type.IsEnum ? "enum"
            : type.IsInterface ? "interface"
            : typeof(Delegate).IsAssignableFrom(type) ? "delegate"
            : type.IsValueType ? (isRecord ? "record struct" : "struct")
            : isRecord ? "record" : "class";
        var modifier = type.IsValueType || type.IsInterface ? "" : type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        var bases = new[] { type.BaseType }.Where(parent => parent is not null && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum))
            .Concat(type.GetInterfaces().Where(contract => contract.IsVisible && contract.Name != "IEquatable`1" && type.BaseType?.GetInterfaces().Contains(contract) != true && !type.IsEnum))
            .Select(parent => TypeNames.Of(parent!)).Order(StringComparer.Ordinal).ToList();
        return $"{modifier}{kind} {TypeNames.Of(type)}{(bases.Count > 0 ? " : " + string.Join(", ", bases) : "")}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        var nulls = new NullabilityInfoContext();
        foreach (var field in type.GetFields(Declared).Where(field => IsVisible(field.Attributes)).OrderBy(field => field.Name, StringComparer.Ordinal))
            yield return $"{Access(field.IsPublic)}{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{TypeNames.Of(nulls.Create(field))} {field.Name}{(field.IsLiteral ? $" = {field.GetRawConstantValue()}" : "")};";
        foreach (var constructor in type.GetConstructors(Declared).Where(constructor => IsVisible(constructor) && !IsCopy(constructor)).OrderBy(constructor => constructor.ToString(), StringComparer.Ordinal))
            yield return $"{Access(constructor.IsPublic)}{type.Name.Split('`')[0]}({Parameters(constructor, nulls)});";
        foreach (var property in type.GetProperties(Declared).Where(property => !Synthesised.Contains(property.Name) && property.GetAccessors(true).Any(IsVisible)).OrderBy(property => property.Name, StringComparer.Ordinal))
            yield return Print(property, nulls);
        foreach (var method in type.GetMethods(Declared).Where(method => IsVisible(method) && IsWritten(type, method)).OrderBy(method => method.Name, StringComparer.Ordinal).ThenBy(method => method.ToString(), StringComparer.Ordinal))
            yield return $"{Access(method.IsPublic)}{Modifiers(method)}{TypeNames.Of(nulls.Create(method.ReturnParameter))} {TypeNames.OfMethod(method)}({Parameters(method, nulls)});";
    }

    private static string Print(PropertyInfo property, NullabilityInfoContext nulls)
    {
        var get = property.GetMethod is { } getter && IsVisible(getter) ? "get; " : "";
        var set = property.SetMethod is { } setter && IsVisible(setter)
            ? setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit") ? "init; " : "set; "
            : "";
        var accessor = property.GetAccessors(true).First(IsVisible);
        return $"{Access(accessor.IsPublic)}{Modifiers(accessor)}{TypeNames.Of(nulls.Create(property))} {property.Name} {{ {get}{set}}}";
    }

    private static bool IsWritten(Type type, MethodInfo method) =>
        (!method.IsSpecialName || method.Name.StartsWith("op_", StringComparison.Ordinal))
        && !(Synthesised.Contains(method.Name) && (type.GetMethod("<Clone>$") is not null || type.IsValueType || method.Name is "Equals" or "GetHashCode" or "ToString"))
        && !method.Name.Contains('<', StringComparison.Ordinal);

    private static bool IsCopy(ConstructorInfo constructor) =>
        constructor.GetParameters() is [var only] && only.ParameterType == constructor.DeclaringType && constructor.DeclaringType.GetMethod("<Clone>$") is not null;

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsVisible(FieldAttributes field) =>
        (field & FieldAttributes.FieldAccessMask) is FieldAttributes.Public or FieldAttributes.Family or FieldAttributes.FamORAssem && !field.HasFlag(FieldAttributes.SpecialName);

    private static string Access(bool isPublic) => isPublic ? "public " : "protected ";

    private static string Modifiers(MethodInfo method) =>
        method.IsStatic ? "static "
        : method.DeclaringType!.IsInterface ? ""
        : method.GetBaseDefinition() != method ? (method.IsFinal ? "sealed override " : "override ")
        : method.IsAbstract ? "abstract "
        : method is { IsVirtual: true, IsFinal: false } ? "virtual " : "";

    private static string Parameters(MethodBase method, NullabilityInfoContext nulls)
    {
        var isExtension = method.IsDefined(typeof(System.Runtime.CompilerServices.ExtensionAttribute), inherit: false);
        return string.Join(", ", method.GetParameters().Select(parameter =>
            $"{(isExtension && parameter.Position == 0 ? "this " : "")}{(parameter.IsOut ? "out " : parameter.IsIn ? "in " : "")}{TypeNames.Of(nulls.Create(parameter))} {parameter.Name}{Default(parameter)}"));
    }

    private static string Default(ParameterInfo parameter) => !parameter.HasDefaultValue ? "" : parameter.DefaultValue switch
    {
        null => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? " = default" : " = null",
        bool value => value ? " = true" : " = false",
        string text => $" = \"{text}\"",
        var value => $" = {value}",
    };
}
