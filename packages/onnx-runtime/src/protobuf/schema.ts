import { create, createFileRegistry } from "@bufbuild/protobuf";
import type { Message, MessageInitShape } from "@bufbuild/protobuf";
import type { GenMessage } from "@bufbuild/protobuf/codegenv2";
import {
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import type { DescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { fields } from "./fields.js";
import type { Field, FieldType, MessageName } from "./fields.js";
import type { ModelProto } from "./messages.js";

const scalarTypes: Readonly<Partial<Record<FieldType, Type>>> = {
  bytes: Type.BYTES,
  float: Type.FLOAT,
  int32: Type.INT32,
  int64: Type.INT64,
  string: Type.STRING,
};

type FieldInit = NonNullable<MessageInitShape<typeof DescriptorProtoSchema>["field"]>[number];

function fieldDescriptor(name: string, { number, type, rule }: Field): FieldInit {
  const scalar = scalarTypes[type];
  return {
    name,
    number,
    label: rule === "repeated" ? Label.REPEATED : Label.OPTIONAL,
    type: scalar ?? Type.MESSAGE,
    ...(scalar === undefined && { typeName: `.onnx.${type}` }),
    ...(rule === "oneof" && { oneofIndex: 0 }),
  };
}

function messageDescriptor(name: MessageName): MessageInitShape<typeof DescriptorProtoSchema> {
  const entries = Object.entries(fields[name]);
  const nested = messageNames.filter((other) => other.startsWith(`${name}.`));
  return {
    name: name.slice(name.lastIndexOf(".") + 1),
    field: entries.map(([field, description]) => fieldDescriptor(field, description)),
    nestedType: nested.map(messageDescriptor),
    oneofDecl: entries.some(([, { rule }]) => rule === "oneof") ? [{ name: "value" }] : [],
  };
}

const messageNames = Object.keys(fields) as MessageName[];

const registry = createFileRegistry(
  create(FileDescriptorProtoSchema, {
    name: "onnx.proto",
    package: "onnx",
    // ONNX's schema is proto2: a field that is set to 0 is written, and one that is not set is absent.
    syntax: "proto2",
    messageType: messageNames.filter((name) => !name.includes(".")).map(messageDescriptor),
  }),
  () => undefined,
);

function schemaOf<M extends Message>(name: MessageName): GenMessage<M> {
  const schema = registry.getMessage(`onnx.${name}`);
  // messages.ts and fields.ts say the same twice, once for TypeScript and once for the wire; a test holds them together.
  return schema as unknown as GenMessage<M>;
}

/** What the protobuf library needs to write and read an ONNX model. */
export const modelSchema: GenMessage<ModelProto> = schemaOf("ModelProto");
