using System.Collections;
using System.Globalization;
using System.Reflection;
using LlmKit.Models;
using Microsoft.Extensions.Configuration;
using NUnit.Framework;

namespace LlmKit.Tests.Pipeline;

/// <summary>Every scalar and list setting can come from configuration: a property that is added and not bound is found here.</summary>
public sealed class ConfiguredSettingsTests
{
    private static IEnumerable<TestCaseData> Settings =>
    [
        .. Of<BudgetOptions>(BudgetExtensions.Definition(null).Bind!),
        .. Of<GuardrailOptions>(GuardrailExtensions.Definition(null).Bind!),
        .. Of<SemanticCacheOptions>(SemanticCacheExtensions.Definition(null).Bind!),
        .. Of<IdempotencyOptions>(IdempotencyExtensions.Definition(null).Bind!),
        .. Of<HedgingOptions>(HedgingExtensions.Definition(null).Bind!),
        .. Of<ResilienceOptions>(ResilienceExtensions.Definition(null).Bind!),
        .. Of<TracingOptions>(TracingExtensions.Definition(null).Bind!),
        .. Of<RouterOptions>((section, options) => options.Bind(section)),
        .. Of<ModelOptions>((section, options) => options.Bind(section)),
        .. Of<VariabilityOptions>((section, options) => options.Bind(section)),
        .. Of<LlmConstraints>((section, options) => section.Bind(options)),
    ];

    [TestCaseSource(nameof(Settings))]
    public void Bind_Setting_WinsOverItsDefault(PropertyInfo setting, Func<IConfiguration, object> bind)
    {
        var values = ValuesFor(setting);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values.Select(pair => KeyValuePair.Create("Stage:" + pair.Key, (string?)pair.Value))).Build();

        var bound = setting.GetValue(bind(configuration.GetSection("Stage")));

        var said = bound is IEnumerable list and not string ? list.Cast<object>().Select(Text) : [Text(bound)];
        Assert.That(said, Is.EqualTo(values.Values));
    }

    private static IEnumerable<TestCaseData> Of<TOptions>(Action<IConfiguration, TOptions> bind)
        where TOptions : new() =>
        from setting in typeof(TOptions).GetProperties()
        where setting.CanWrite && ValuesFor(setting).Count > 0
        select new TestCaseData(setting, (IConfiguration section) =>
        {
            var options = new TOptions();
            bind(section, options);
            return (object)options;
        }).SetArgDisplayNames($"{typeof(TOptions).Name}.{setting.Name}");

    private static Dictionary<string, string> ValuesFor(PropertyInfo setting) =>
        typeof(IEnumerable<string>).IsAssignableFrom(setting.PropertyType) && setting.PropertyType.IsInterface
            ? new() { [setting.Name + ":0"] = "one", [setting.Name + ":1"] = "two" }
        : typeof(IEnumerable<ModelFailureKind>).IsAssignableFrom(setting.PropertyType)
            ? new() { [setting.Name + ":0"] = nameof(ModelFailureKind.Unknown) }
        : ValueFor(setting) is { } value ? new() { [setting.Name] = value }
        : [];

    private static string? ValueFor(PropertyInfo setting)
    {
        var before = setting.GetValue(Activator.CreateInstance(setting.DeclaringType!));
        var type = Nullable.GetUnderlyingType(setting.PropertyType) ?? setting.PropertyType;
        return type == typeof(bool) ? (before is not true).ToString(CultureInfo.InvariantCulture)
            : type == typeof(string) ? "given"
            : type == typeof(TimeSpan) ? "00:00:07"
            : type == typeof(double) || type == typeof(decimal) ? "0.25"
            : type == typeof(int) || type == typeof(long) ? "777"
            : type.IsEnum ? Enum.GetValues(type).Cast<object>().Last(value => !value.Equals(before)).ToString()
            : null;
    }

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
