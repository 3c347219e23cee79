import controls from './controls.module.css';

/** Our look for Mantine's menus. */
export const menuClasses = { dropdown: controls.dropdown ?? '', item: controls.option ?? '' };
