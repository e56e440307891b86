/** `npm run guide:pictures`: takes the pictures of docs/guide from a studio of their own, in each language. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { chromium, type Locator } from '@playwright/test'
import sharp from 'sharp'
import { LANGUAGES } from '../../core/contract/vocabulary.ts'
import { ensureRenderer } from '../../core/server/renderer-build.ts'
import { CHROMIUM, CHROMIUM_ARGUMENTS, command, startStudio } from '../../e2e/studio.ts'
import { hashOfInputs, INPUTS, PICTURES } from './inputs.ts'

await mkdir(PICTURES, { recursive: true })
await ensureRenderer()
const studio = await startStudio()
const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_ARGUMENTS })
const page = await browser.newPage({ viewport: { width: 1500, height: 900 }, reducedMotion: 'reduce' })

async function take(name: string, part?: Locator): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => true)')
  await page.mouse.move(0, 0)
  const png = await (part ?? page).screenshot({ animations: 'disabled' })
  await writeFile(join(PICTURES, `${name}.webp`), await sharp(png).webp({ quality: 80 }).toBuffer())
}

try {
  await page.goto(studio.url)
  // The first word is painted without being asked.
  await page.locator('.frame img').first().waitFor({ timeout: 240_000 })
  await page.locator('.score').waitFor()
  await command(page, 'theme-light')
  for (const language of LANGUAGES) {
    await command(page, `language-${language}`)
    await take(`${language}-desk`)
    await take(`${language}-styles`, page.locator('.styles').first())
    await take(`${language}-maps`, page.locator('.maps-grid'))
    await take(`${language}-score`, page.locator('.toolbar'))
    await command(page, 'sets')
    await page.locator('.sets textarea').first().fill('水, water\n火, fire\n山, mountain\nlove, 爱')
    await page.locator('.sets-count').waitFor()
    // Where the studio would put it is of no interest.
    await page.locator('#set-folder').fill('/home/li/lesson-1')
    await page.locator('#set-folder').blur()
    // Planned anew for that folder.
    await page.locator('.sets button.primary:enabled').waitFor()
    await take(`${language}-set`)
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
  }
  await writeFile(INPUTS, `${JSON.stringify({ sha256: hashOfInputs() })}\n`)
} finally {
  await browser.close()
  await studio.stop()
}
console.log(PICTURES)
