/** Everything the views build with. */
export { Button, IconButton } from './Button.js';
export {
  MultiSelect,
  SegmentedControl,
  SegmentedField,
  Select,
  SwitchField,
  TextField,
  type Choice,
} from './choices.js';
export { CopyButton } from './CopyButton.js';
export { Dialog } from './Dialog.js';
export { describePlace, ErrorNotice } from './ErrorNotice.js';
export { Field, type FieldProps } from './Field.js';
export { formatBytes, formatCount, formatQuantity, formatShare } from '#shared/format';
export { Icon, type IconName } from './icons.js';
export {
  EmptyState,
  KeyValue,
  Panel,
  ScrollRegion,
  Separator,
  Toolbar,
  type KeyValueItem,
} from './layout.js';
export { menuClasses } from './menu.js';
export { NumberField, type NumberFieldProps } from './NumberField.js';
export { Popup, popupClasses } from './Popup.js';
export { TagsInput } from './TagsInput.js';
export { Term } from './Term.js';
export { Tooltip } from './Tooltip.js';
export { useFocusBack } from './useFocusBack.js';
export { SchemaForm, type SchemaFormProps } from './SchemaForm.js';
export type { Json, JsonObject } from './schema.js';
