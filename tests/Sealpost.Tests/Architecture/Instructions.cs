using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace Sealpost.Tests.Architecture;

/// <summary>Walks a method's instructions and gives the tokens they name (ECMA-335, III).</summary>
internal static class Instructions
{
    private const int TwoByteCodes = 0xFE;

    private static readonly Dictionary<ushort, OpCode> ByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (ushort)code.Value);

    public static IEnumerable<int> Tokens(BlobReader code)
    {
        var tokens = new List<int>();
        while (code.RemainingBytes > 0)
        {
            ushort value = code.ReadByte();
            var operation = ByValue[value == TwoByteCodes ? (ushort)((value << 8) | code.ReadByte()) : value];
            switch (operation.OperandType)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    tokens.Add(code.ReadInt32());
                    break;
                case OperandType.InlineSwitch:
                    var cases = code.ReadInt32();
                    code.Offset += cases * sizeof(int);
                    break;
                default:
                    code.Offset += SizeOf(operation.OperandType);
                    break;
            }
        }

        return tokens;
    }

    private static int SizeOf(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };
}
