/** Asks before the window goes with changes that are not saved. */
import { dialog, type BrowserWindow } from 'electron';

/** Milliseconds that the page gets to save when the window is asked to close for the first time. */
const savingTime = 500;

/**
 * The page refuses to go (`beforeunload`) while its project is not saved, and saves it at that moment. So
 * the first close is tried again a little later; only what could not be saved by then needs a person.
 */
export function askBeforeLosingEdits(window: BrowserWindow): void {
  // Closing comes before the page's refusal; a reload has none.
  let closes = 0;
  window.on('close', () => (closes += 1));
  window.webContents.on('will-prevent-unload', (event) => {
    if (closes === 1) {
      setTimeout(() => {
        if (!window.isDestroyed()) window.close();
      }, savingTime);
      return;
    }
    const leave = closes > 1 ? 'Close anyway' : 'Reload anyway';
    closes = 0;
    const choice = dialog.showMessageBoxSync(window, {
      type: 'question',
      message: 'This project has changes that are not saved.',
      detail: 'The bar at the top of the window says why. They would be lost.',
      buttons: ['Keep editing', leave],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    });
    // Here, to prevent is to let the page go.
    if (choice === 1) event.preventDefault();
  });
}
